import { BrevoEmulator } from '../emulators/brevo.ts';
import { HubSpotEmulator } from '../emulators/hubspot.ts';
import { fill } from '../flows/hubspot-connector.ts';

/** The emulators in a process of their own, so that their work is not the connectors'. Tells where they are, and on each message how many requests came. */
const [crm, brevo] = await Promise.all([HubSpotEmulator.start({}, () => undefined), BrevoEmulator.start()]);
fill(crm, Number(process.argv[2]));
process.on('message', () => process.send?.({ hubspot: crm.received.length, brevo: brevo.received.length }));
process.send?.({ hubspot: crm.url, brevo: brevo.url });
