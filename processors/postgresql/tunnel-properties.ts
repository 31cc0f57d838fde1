import { property, type PropertyValues } from '../../server/extension/property.ts';
import { SshTunnel } from './ssh-tunnel.ts';

const tunnelled = { dependsOn: { 'SSH Host': [] }, expressions: 'environment' } as const;

/** A way through an SSH server (a bastion) to a database that is not reached otherwise. */
export const tunnelProperties = {
  sshHost: property.text('SSH Host', 'An SSH server through which the database is reached: Host and Port are then as that server sees them. Empty for the direct way', {
    expressions: 'environment',
  }),
  sshPort: property.integer('SSH Port', 'The port of the SSH server', { default: '22', min: 1, max: 65_535, ...tunnelled }),
  sshUser: property.text('SSH Username', 'Who logs in at the SSH server', { required: true, ...tunnelled }),
  sshPassword: property.text('SSH Password', 'The password of that user, where there is no private key', { sensitive: true, ...tunnelled }),
  sshKeyFile: property.text('SSH Private Key Path', 'A file with the private key of that user, in the format of OpenSSH, OpenSSL or PuTTY', tunnelled),
  sshPassphrase: property.text('SSH Private Key Passphrase', 'What the private key is encrypted with', { sensitive: true, ...tunnelled }),
  sshStrict: property.boolean('SSH Strict Host Key Checking', 'Whether the SSH server must show a key that is known. Without it, whoever answers is trusted', {
    default: 'true',
    dependsOn: { 'SSH Host': [] },
  }),
  sshHostKeys: property.text(
    'SSH Host Key File',
    'A file with the keys of servers, in the format of known_hosts. Where it is not set, known_hosts and known_hosts2 in ~/.ssh are read',
    {
      dependsOn: { 'SSH Strict Host Key Checking': ['true'] },
      expressions: 'environment',
    },
  ),
};

/** The tunnel that these values ask for; undefined for the direct way. */
export function tunnelOf(values: PropertyValues<typeof tunnelProperties>, connectTimeout: number): SshTunnel | undefined {
  const { sshHost: host, sshPort: port = 22, sshUser: user, sshPassword: password, sshKeyFile: keyFile, sshPassphrase: passphrase, sshStrict, sshHostKeys: hostKeyFile } = values;
  if (!host) return undefined;
  return new SshTunnel({ host, port, user, password, keyFile, passphrase, isStrict: sshStrict ?? true, hostKeyFile, connectTimeout });
}
