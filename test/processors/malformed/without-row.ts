const NO_CONTENT = 'looks at attributes only, or passes content on as it is';
const OUTSIDE = 'needs another system: tested against it in its own folder';
const OWN_TEST = 'takes more than one content, or a service, script or key of its own: tested in its own file';

const REASONS: Readonly<Record<string, readonly string[]>> = {
  [NO_CONTENT]: [
    ...['AttributeRollingWindow', 'UpdateAttribute', 'LookupAttribute', 'AttributesToCSV', 'AttributesToJSON', 'ControlRate', 'DebugFlow', 'DeleteFile'],
    ...['DistributeLoad', 'DuplicateFlowFile', 'EnforceOrder', 'FetchFile', 'FilterAttribute', 'LogMessage', 'MonitorActivity', 'RetryFlowFile'],
    ...['RouteOnAttribute', 'ScanAttribute', 'UpdateCounter', 'DetectDuplicate', 'FetchDistributedMapCache', 'Notify', 'Wait'],
  ],
  [OUTSIDE]: [
    ...['DeleteS3Object', 'FetchS3Object', 'PutS3Object', 'PutBraze', 'PutKlaviyo', 'PutBrevoContacts', 'FetchHubSpotObjects', 'PutWarehouse'],
    ...['ExecuteSQL', 'ExecuteSQLRecord', 'GenerateTableFetch', 'PutDatabaseRecord', 'PutSQL', 'UpdateDatabaseTable'],
    ...['HandleHttpResponse', 'InvokeHTTP', 'PutEmail', 'PutSyslog', 'PutTCP', 'PutUDP', 'DeleteSFTP', 'FetchFTP', 'FetchSFTP', 'PutFTP', 'PutSFTP'],
    ...['ExecuteStreamCommand', 'PutDistributedMapCache'],
  ],
  [OWN_TEST]: ['SignContentPGP', 'VerifyContentPGP', 'ForkEnrichment', 'JoinEnrichment', 'LookupRecord', 'MapRecord', 'ExecuteScript', 'ScriptedTransformRecord', 'MergeContent'],
};

/** Processors that take input and have no row in setups.ts, with the reason. */
export const withoutRow: ReadonlyMap<string, string> = new Map(Object.entries(REASONS).flatMap(([reason, names]) => names.map((name) => [name, reason] as const)));
