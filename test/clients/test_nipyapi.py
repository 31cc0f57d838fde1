"""NiPyApi, the Python client for NiFi 2, drives a running server as its users do.

NIFI_API: the address of the API; NIFI_PASSWORD: the password of admin where there is a login; NIFI_CA: the certificate.
"""

import json
import os
import time
import uuid

import nipyapi
import pytest
from nipyapi import bulletins, canvas, ci, parameters, security, system, versioning
from nipyapi.nifi.models import ControllerServiceDTO, ProcessorConfigDTO

API = os.environ["NIFI_API"]
PASSWORD = os.environ.get("NIFI_PASSWORD")
HERE = (0.0, 0.0)


def wait(condition, what, seconds=10):
    end = time.time() + seconds
    while not condition():
        assert time.time() < end, "timed out waiting for " + what
        time.sleep(0.05)


@pytest.fixture(scope="session", autouse=True)
def client():
    if API.startswith("https"):
        security.set_service_ssl_context("nifi", ca_file=os.environ["NIFI_CA"])
    nipyapi.utils.set_endpoint(API, ssl=PASSWORD is not None, login=PASSWORD is not None, username="admin", password=PASSWORD)
    yield
    if PASSWORD:
        security.service_logout("nifi")


@pytest.fixture
def group():
    root = canvas.get_process_group(canvas.get_root_pg_id(), "id")
    made = canvas.create_process_group(root, "nipyapi " + uuid.uuid4().hex[:8], HERE, "made by a test")
    yield made
    canvas.delete_process_group(canvas.get_process_group(made.id, "id"), force=True)
    assert canvas.get_process_group(made.id, "id") is None


def kind_of(types, name):
    """The type with this simple name."""
    (kind,) = [each for each in types if each.type.endswith("." + name)]
    return kind


def processor(group, name, x=0.0, **config):
    kind = kind_of(canvas.list_all_processor_types().processor_types, name)
    return canvas.create_processor(group, kind, (x, 0.0), name, ProcessorConfigDTO(**config))


@pytest.fixture
def flow(group):
    """A source that makes one FlowFile a run, a warning about each, and the connection between them."""
    source = processor(group, "GenerateFlowFile", scheduling_period="1 day", properties={"Custom Text": "hello", "Batch Size": "3", "Mime Type": "text/plain"})
    log = processor(group, "LogMessage", 500.0, properties={"Log Level": "warn", "Log Message": "seen ${filename}"}, auto_terminated_relationships=["success"])
    return source, log, canvas.create_connection(source, log, ["success"], "a queue")


def run_once(source, connection):
    assert canvas.schedule_processor(source, "RUN_ONCE")
    wait(lambda: canvas.list_flowfiles(connection), "FlowFiles in the queue")


def test_it_knows_the_server():
    assert nipyapi.system.get_nifi_version_info().ni_fi_version.startswith("2.")
    assert system.get_system_diagnostics().system_diagnostics.aggregate_snapshot.available_processors > 0
    assert canvas.get_processor_docs(canvas.get_processor_type("GenerateFlowFile"))
    assert any(kind.type.endswith(".CSVReader") for kind in canvas.list_all_controller_types())


@pytest.mark.skipif(not PASSWORD, reason="the server has no login")
def test_a_wrong_password_is_refused():
    assert security.get_service_access_status("nifi").identity == "admin"
    with pytest.raises(ValueError, match="not valid"):
        security.service_login("nifi", "admin", "not the password at all")
    assert security.service_login("nifi", "admin", PASSWORD)


def test_queues_are_read_and_emptied(flow):
    source, _, connection = flow
    run_once(source, connection)
    first = canvas.list_flowfiles(connection)[0]
    assert len(canvas.list_flowfiles(connection)) == 3
    assert canvas.get_flowfile_details(connection, first.uuid).attributes["filename"]
    assert canvas.get_flowfile_content(connection, first.uuid) == "hello"
    assert len(canvas.peek_flowfiles(connection, 2)) == 2
    assert canvas.purge_connection(connection.id)
    assert canvas.list_flowfiles(connection) == []


def test_a_group_is_started_warns_and_is_stopped(group, flow):
    source, log, _ = flow
    assert canvas.schedule_process_group(group.id, True)
    wait(lambda: canvas.get_bulletin_board(group.id), "bulletins of the group")
    assert "seen" in canvas.get_bulletin_board(source_name="LogMessage")[0].message
    assert bulletins.clear_processor_bulletins(log.id).bulletins_cleared >= 3
    assert canvas.schedule_process_group(group.id, False)
    assert {each.component.state for each in canvas.list_all_processors(group.id)} == {"STOPPED"}
    status = ci.get_status(group.id)
    assert (status["stopped_processors"], status["invalid_processors"]) == ("2", "0")
    assert source.id in {each.id for each in canvas.get_flow_components(log, group.id).components}


def test_a_processor_is_configured_verified_and_found_invalid(group, flow):
    source, _, _ = flow
    changed = canvas.update_processor(source, ProcessorConfigDTO(properties={"Batch Size": "many"}), name="renamed")
    assert changed.component.name == "renamed"
    assert [each.id for each in canvas.list_invalid_processors(group.id)] == [source.id]
    assert any(not each["success"] for each in [{"success": result.outcome == "SUCCESSFUL"} for result in canvas.verify_processor(changed)])
    fixed = canvas.update_processor(changed, ProcessorConfigDTO(properties={"Batch Size": "1"}))
    assert fixed.component.validation_status == "VALID"


def test_state_is_read_and_cleared(group):
    source = processor(group, "GenerateFlowFile", scheduling_period="1 day")
    properties = {"Store State": "Store state locally", "Stateful Variables Initial Value": "0", "n": '${getStateValue("n"):plus(1)}'}
    counting = processor(group, "UpdateAttribute", 500.0, properties=properties, auto_terminated_relationships=["success", "set state fail"])
    connection = canvas.create_connection(source, counting, ["success"])
    run_once(source, connection)
    assert canvas.schedule_processor(counting, "RUN_ONCE")

    def state():
        return {each.key: each.value for each in canvas.get_processor_state(counting).component_state.local_state.state}

    wait(lambda: state() == {"n": "1"}, "the state of a processor")
    canvas.clear_processor_state(counting)
    assert state() == {}


def test_services_are_made_used_enabled_and_removed(group):
    service = canvas.create_controller(group, kind_of(canvas.list_all_controller_types(), "CSVReader"), "a reader")
    writer = canvas.create_controller(group, kind_of(canvas.list_all_controller_types(), "JsonRecordSetWriter"), "a writer")
    changed = canvas.update_controller(service, ControllerServiceDTO(properties={"Treat First Line as Header": "true"}))
    assert changed.component.properties["Treat First Line as Header"] == "true"
    user = processor(group, "ConvertRecord", properties={"Record Reader": service.id, "Record Writer": writer.id}, auto_terminated_relationships=["success", "failure"])
    for each in (changed, writer):
        assert canvas.schedule_controller(each, True, refresh=True).component.state == "ENABLED"
    references = canvas.get_controller(service.id, "id").component.referencing_components
    assert [each.id for each in references] == [user.id]
    canvas.schedule_all_controllers(group.id, False)
    canvas.delete_processor(user, force=True)
    for each in (service, writer):
        canvas.delete_controller(canvas.get_controller(each.id, "id"), force=True)
    assert canvas.list_all_controllers(group.id) == []


def test_parameter_contexts_with_inheritance_and_assets(group):
    name = "nipyapi " + uuid.uuid4().hex[:8]
    base = parameters.create_parameter_context(name + " base", "below", [parameters.prepare_parameter("word", "hello"), parameters.prepare_parameter("secret", "hush", sensitive=True)])
    heir = parameters.create_parameter_context(name, "above", [], [base])
    parameters.assign_context_to_process_group(canvas.get_process_group(group.id, "id"), heir.id)
    assert parameters.get_parameter_ownership_map(heir.id)["word"]
    source = processor(group, "GenerateFlowFile", scheduling_period="1 day", properties={"Custom Text": "#{word}"}, auto_terminated_relationships=["success"])
    assert canvas.schedule_processor(source, True)
    parameters.upsert_parameter_to_context(parameters.get_parameter_context(base.id, "id"), parameters.prepare_parameter("word", "goodbye"))
    assert canvas.get_processor(source.id, "id").component.state == "RUNNING"
    assert canvas.schedule_processor(canvas.get_processor(source.id, "id"), False)
    asset = parameters.upload_asset(base.id, file_bytes=b"one", filename="list.txt")
    with_asset = parameters.prepare_parameter_with_asset("file", asset["id"], asset["name"])
    parameters.upsert_parameter_to_context(parameters.get_parameter_context(base.id, "id"), with_asset)
    assert [each["name"] for each in parameters.list_assets(base.id)] == ["list.txt"]
    parameters.delete_parameter_from_context(parameters.get_parameter_context(base.id, "id"), "file")
    parameters.remove_context_from_process_group(canvas.get_process_group(group.id, "id"))
    for each in (heir, base):
        parameters.delete_parameter_context(parameters.get_parameter_context(each.id, "id"))
    assert parameters.get_parameter_context(name) is None


def test_ports_funnels_and_connections_between_groups(group, flow):
    inner = canvas.create_process_group(group, "inner", (0.0, 300.0))
    port = canvas.create_port(inner.id, "INPUT_PORT", "in", "STOPPED")
    funnel = canvas.create_funnel(inner.id)
    canvas.create_connection(port, funnel)
    source, _, _ = flow
    across = canvas.create_connection(source, port, ["success"])
    moved = canvas.update_connection(across, name="across", bends=[(10.0, 20.0)])
    assert (moved.component.name, len(moved.component.bends)) == ("across", 1)
    canvas.delete_connection(canvas.get_connection(across.id) if not isinstance(across.id, str) else moved)
    assert len(canvas.list_all_connections(group.id)) == 2


def test_a_definition_is_exported_and_imported(group, flow, tmp_path):
    file = str(tmp_path / "flow.json")
    text = versioning.export_process_group_definition(canvas.get_process_group(group.id, "id"), file, mode="json")
    assert len(json.loads(text)["flowContents"]["processors"]) == 2
    copy = versioning.import_process_group_definition(group, file_path=file, position=(400.0, 400.0))
    assert {each.component.name for each in canvas.list_all_processors(copy.id)} == {"GenerateFlowFile", "LogMessage"}
    again = ci.export_flow_definition(process_group_id=group.id, file_path=str(tmp_path / "again.json"))
    assert again


def test_commands_of_its_pipelines(group, flow):
    assert ci.start_flow(process_group_id=group.id)
    wait(lambda: canvas.get_bulletin_board(group.id), "bulletins of the group")
    assert ci.stop_flow(process_group_id=group.id)
    assert ci.purge_flowfiles(process_group_id=group.id)
    assert ci.verify_config(process_group_id=group.id)


def test_versions_in_a_git_repository(group, flow, tmp_path):
    name = "git " + uuid.uuid4().hex[:8]
    (kind,) = [each for each in versioning.list_registry_client_types() if each.type.endswith("GitFlowRegistryClient")]
    properties = {"Repository": str(tmp_path / "flows.git"), "Create Repository": "true"}
    registry = versioning.create_registry_client(name, reg_type=kind.type, properties=properties)
    saved = versioning.save_git_flow_ver(canvas.get_process_group(group.id, "id"), registry, bucket="default", flow_name="a flow", comment="first")
    assert saved.version_control_information.state == "UP_TO_DATE"
    canvas.update_processor(canvas.get_processor(flow[0].id, "id"), name="renamed")
    changed = versioning.get_local_modifications(canvas.get_process_group(group.id, "id"))
    assert [each.component_name for each in changed.component_differences] == ["renamed"]
    versioning.save_git_flow_ver(canvas.get_process_group(group.id, "id"), registry, bucket="default", flow_name="a flow", comment="second")
    (bucket,) = versioning.list_git_registry_buckets(registry.id).buckets
    (stored,) = versioning.list_git_registry_flows(registry.id, bucket.id).versioned_flows
    versions = versioning.list_git_registry_flow_versions(registry.id, bucket.id, stored.versioned_flow.flow_id).versioned_flow_snapshot_metadata_set
    assert len(versions) == 2
    assert ci.change_flow_version(process_group_id=group.id, target_version=saved.version_control_information.version)
    assert canvas.get_processor(flow[0].id, "id").component.name == "GenerateFlowFile"
    ci.detach_flow(process_group_id=group.id)
    versioning.delete_registry_client(versioning.get_registry_client(registry.id, "id"))
