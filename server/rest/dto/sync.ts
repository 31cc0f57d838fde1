/** The answers of /api/syncs: plain shapes, made in server/syncs. server/rest/syncs/openapi.json describes them. */
export type {
  ConnectionDescription,
  ConnectorDescription,
  FieldDescription,
  FieldTarget,
  StepDescription,
  StreamDescription,
  SystemDescription,
} from '../../syncs/connector-description.ts';
export type * from '../../syncs/views.ts';
