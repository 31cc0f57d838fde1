import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, requestToken, ServerLostError } from '../../ui/api/client.ts';
import { closeSession, currentLogin, noteAnswer, openSession, sessionStore } from '../../ui/api/session-state.ts';
import { refusalOf } from '../../ui/login/refusal.ts';

test('401 closes the session; a late answer of an earlier one says nothing', () => {
  const early = currentLogin();
  noteAnswer(500, early);
  assert.equal(sessionStore.get(), 'unknown');
  noteAnswer(401, early);
  assert.equal(sessionStore.get(), 'closed');
  noteAnswer(200, early);
  assert.equal(sessionStore.get(), 'closed', 'an answer from before the door was shut does not open it');
  openSession();
  noteAnswer(401, early);
  assert.equal(sessionStore.get(), 'open');
  noteAnswer(403, currentLogin());
  assert.equal(sessionStore.get(), 'open', 'who may not do one thing may do others');
  noteAnswer(401, currentLogin());
  assert.equal(sessionStore.get(), 'ended');
  closeSession();
  assert.equal(sessionStore.get(), 'closed');
});

test('the request token is found under both names that its cookie may have', () => {
  assert.equal(requestToken('a=b; Request-Token=one'), 'one');
  assert.equal(requestToken('__Secure-Request-Token=two; a=b'), 'two');
  assert.equal(requestToken('Other-Request-Token=three'), undefined);
  assert.equal(requestToken(''), undefined);
});

test('the login page tells a wrong password, too many tries and a lost server apart', () => {
  assert.deepEqual(refusalOf(new ApiError(400, 'whatever')), { message: 'The user or the password is not right.', isCredentials: true });
  assert.equal(refusalOf(new ApiError(429, 'slow', 8)).retryAfter, 8);
  assert.deepEqual(refusalOf(new ServerLostError('The server cannot be reached.')), { message: 'The server cannot be reached.', isCredentials: false });
});
