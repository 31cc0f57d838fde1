import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { fingerprintOf, selfSigned } from '../../server/security/self-signed.ts';

const DAY = 86_400_000;

test('a certificate is made once, for all names of the server, and anew before it ends', async (context) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'millrace-tls-'));
  context.after(() => rmSync(directory, { recursive: true }));
  const file = path.join(directory, 'tls.pem');
  const now = Date.UTC(2026, 10, 1);
  const first = await selfSigned(directory, '127.0.0.1', now);
  createSecureContext(first);
  const certificate = new X509Certificate(first.cert);
  for (const name of ['localhost', hostname()]) assert.ok(certificate.checkHost(name), name);
  for (const address of ['127.0.0.1', '::1']) assert.ok(certificate.checkIP(address), address);
  assert.equal(certificate.checkHost('millrace.example'), undefined);
  assert.equal(certificate.ca, false);
  assert.ok(Date.parse(certificate.validTo) - now <= 825 * DAY);
  assert.equal(statSync(file).mode & 0o777, 0o600);

  const print = fingerprintOf(first);
  assert.equal(fingerprintOf(await selfSigned(directory, 'localhost', now + 700 * DAY)), print, 'kept');
  const renewed = await selfSigned(directory, 'localhost', now + 800 * DAY);
  assert.notEqual(fingerprintOf(renewed), print, 'ends in 24 days');
  const named = await selfSigned(directory, '192.0.2.7', now + 800 * DAY);
  assert.ok(new X509Certificate(named.cert).checkIP('192.0.2.7'), 'another address to listen on');

  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 300));
  createSecureContext(await selfSigned(directory, 'localhost', now));
});
