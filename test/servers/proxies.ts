import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';

/** Starts a server on a free port, and tells it. */
export const listening = async (proxy: Server): Promise<number> => {
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return (proxy.address() as AddressInfo).port;
};

/** HTTP's CONNECT, for who knows the password. */
export function httpProxy(): Server {
  const proxy = createHttpServer((_request, response) => response.writeHead(405).end());
  proxy.on('connect', ({ url, headers }, socket) => {
    if (headers['proxy-authorization'] !== `Basic ${Buffer.from('ann:secret').toString('base64')}`) return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const target = connect(Number(url!.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(target).pipe(socket);
    });
    for (const each of [socket, target]) each.on('error', () => undefined);
  });
  return proxy;
}

/** SOCKS 5 (RFC 1928) without authentication. */
export function socksProxy(): Server {
  return createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]));
      socket.once('data', (asked) => {
        const target = connect(asked.readUInt16BE(asked.length - 2), '127.0.0.1', () => {
          socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
          socket.pipe(target).pipe(socket);
        });
        target.on('error', () => undefined);
      });
    });
  });
}
