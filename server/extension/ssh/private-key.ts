import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { messageOf, ProcessError } from '../errors.ts';

/** A private key as the SSH client reads it. Throws ProcessError where the file cannot be read or holds no key. */
export async function readPrivateKey(file: string, passphrase: string | undefined): Promise<{ readonly privateKey: string; readonly passphrase?: string }> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ProcessError(`The private key ${file} cannot be read: ${messageOf(cause)}. Check Private Key Path.`, { cause });
  });
  // The client knows OpenSSH's and OpenSSL's older formats, not PKCS #8.
  if (!/^-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/m.test(text)) return { privateKey: text, ...(passphrase === undefined ? {} : { passphrase }) };
  return { privateKey: fromPkcs8(text, passphrase, file) };
}

function fromPkcs8(text: string, passphrase: string | undefined, file: string): string {
  try {
    const key = createPrivateKey({ key: text, format: 'pem', passphrase });
    const format = { rsa: 'pkcs1', ec: 'sec1' }[key.asymmetricKeyType as string] as 'pkcs1' | undefined;
    if (!format) throw new Error(`keys of type ${key.asymmetricKeyType} are read in OpenSSH's format only: convert it with ssh-keygen -p -f FILE`);
    return key.export({ format: 'pem', type: format }).toString();
  } catch (cause) {
    throw new ProcessError(`The private key ${file} cannot be used: ${messageOf(cause)}.`, { cause });
  }
}
