import { lookup as resolveHost } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { Reader } from 'mmdb-lib';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { type Found, LOOKUP_SERVICE, type LookupService, RECORD_LOOKUP_SERVICE } from '../../server/extension/lookup.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import { textOf } from '../../server/extension/record-coercion.ts';
import { ReloadedFile } from '../../server/extension/reloaded-file.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { ANSWER, anonymityOf, geoOf, ispOf, traitOf } from './geo-records.ts';

const properties = {
  file: property.text('MaxMind Database File', 'A database in MaxMind DB format (.mmdb). It is read again when it has changed', { required: true, expressions: 'environment' }),
  geo: property.boolean('Lookup Geo Enrichment', 'Whether to tell where an address is; needs a City, Country or Enterprise database', { default: 'true' }),
  isp: property.boolean('Lookup ISP', 'Whether to tell whose network it is; needs an ISP, ASN or Enterprise database', { default: 'false' }),
  domain: property.boolean('Lookup Domain Name', 'Whether to tell the domain; needs a Domain or Enterprise database', { default: 'false' }),
  connection: property.boolean('Lookup Connection Type', 'Whether to tell the kind of connection; needs a Connection Type or Enterprise database', { default: 'false' }),
  anonymous: property.boolean('Lookup Anonymous IP Information', 'Whether to tell if the address hides somebody; needs an Anonymous IP database', { default: 'false' }),
};
type Values = PropertyValues<typeof properties>;

function answer(entry: Readonly<Record<string, unknown>>, wanted: Values): Found | undefined {
  const value = {
    geo: wanted.geo ? geoOf(entry) : null,
    isp: wanted.isp ? ispOf(entry) : null,
    domainName: wanted.domain ? traitOf(entry, 'domain') : null,
    connectionType: wanted.connection ? traitOf(entry, 'connection_type') : null,
    anonymousIp: wanted.anonymous ? anonymityOf(entry) : null,
  };
  return Object.values(value).every((part) => part === null) ? undefined : { value, type: ANSWER };
}

async function addressOf(text: string): Promise<string | undefined> {
  if (isIP(text)) return text;
  return resolveHost(text).then(
    ({ address }) => address,
    () => undefined,
  );
}

/** Throws ProcessError where the database is broken, or holds addresses of the other kind only. */
function entryAt(database: Reader<never>, address: string, file: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return database.get(address) ?? undefined;
  } catch (thrown) {
    throw new ProcessError(`${address} cannot be looked up in ${file}: ${messageOf(thrown)}`, { cause: thrown });
  }
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.lookup.maxmind', bundle: 'nifi-lookup-services-nar' },
  description: "Tells where an IP address is, and whose, from a MaxMind database. The coordinate is 'ip'.",
  tags: ['geo', 'lookup', 'ipgeo', 'tor', 'ip', 'isp', 'domain', 'cellular', 'enrich', 'anonymous', 'maxmind'],
  properties,
  provides: [RECORD_LOOKUP_SERVICE, LOOKUP_SERVICE],
  async onEnabled({ properties: wanted, now, log }): Promise<LookupService> {
    const { Reader } = await import('mmdb-lib');
    const database = new ReloadedFile(wanted.file, async (file) => new Reader<never>(await readFile(file)));
    await database.get(now());
    return {
      requiredKeys: ['ip'],
      async lookup(coordinates) {
        const ip = coordinates.get('ip');
        const address = ip === null || ip === undefined ? undefined : await addressOf(textOf(ip).trim());
        if (address === undefined) {
          log.warn(`'${ip === null || ip === undefined ? '' : textOf(ip)}' is neither an IP address nor the name of a host: nothing is looked up.`);
          return undefined;
        }
        const entry = entryAt(await database.get(now()), address, wanted.file);
        return entry && answer(entry, wanted);
      },
    };
  },
});
