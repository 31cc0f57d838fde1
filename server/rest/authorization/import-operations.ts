import { type Operations, read, write } from './rules.ts';
import * as at from './targets.ts';

/** Endpoints to which files are uploaded: their users, and what became of the files. Rejected rows are data: they are for whoever may change the endpoint. */
export const importOperations: Operations = {
  // The list leaves out what the user may not read.
  'GET /api/sftp/endpoints': [read(at.globally('/flow'))],
  'GET /api/sftp/endpoints/{id}/users': [read(at.service)],
  'POST /api/sftp/endpoints/{id}/users': [write(at.service)],
  'PUT /api/sftp/endpoints/{id}/users/{name}': [write(at.service)],
  'DELETE /api/sftp/endpoints/{id}/users/{name}': [write(at.service)],
  'GET /api/sftp/endpoints/{id}/imports': [read(at.service)],
  'POST /api/sftp/endpoints/{id}/imports/{import}/repetitions': [write(at.service)],
  'GET /api/sftp/endpoints/{id}/imports/{import}/rejected-rows': [write(at.service)],
};
