import { once } from 'node:events';
import { createServer as createWebServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

const SSL_REQUEST = 80_877_103;
const ask = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);

/** PostgreSQL's ErrorResponse: SQLSTATE 28P01, the password is wrong. */
function noSuchUser(): Buffer {
  const fields = Buffer.from('SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "jane"\0\0');
  const head = Buffer.from([0x45, 0, 0, 0, 0]);
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

function speakPostgres(socket: Socket, data: Buffer): void {
  if (data[0] !== 0) socket.end(noSuchUser());
  else socket.write(data.readInt32BE(4) === SSL_REQUEST ? 'N' : ask);
}

function speakMail(socket: Socket, line: string): void {
  if (/^EHLO/i.test(line)) socket.write('250-none\r\n250 AUTH PLAIN LOGIN\r\n');
  else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
  else socket.write('535 5.7.8 Authentication credentials invalid\r\n');
}

async function listening(server: Server, context: TestContext): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

/**
 * A web server, a database and a mail server that let nobody in. What they are sent is kept, so that a test knows that secrets were used.
 * @returns `web` is the port of the first; `database` and `mail` those of the others.
 */
export async function refusing(context: TestContext) {
  const received: Buffer[] = [];
  const web = createWebServer(({ headers }, response) => {
    received.push(Buffer.from(JSON.stringify(headers)), Buffer.from(headers.authorization ?? ''));
    response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="none"', Connection: 'close' }).end('no');
  });
  const keeping = (speak: (socket: Socket, data: Buffer) => void, greeting = '') =>
    createServer((socket) => {
      socket
        .on('error', () => undefined)
        .on('data', (data) => {
          received.push(data);
          speak(socket, data);
        });
      socket.write(greeting);
    });
  const mail = keeping((socket, data) => speakMail(socket, data.toString()), '220 none ESMTP\r\n');
  return { received, web: await listening(web, context), database: await listening(keeping(speakPostgres), context), mail: await listening(mail, context) };
}
