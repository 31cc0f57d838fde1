import type { Connection, ConnectionOptions } from 'snowflake-sdk';

/**
 * Opens a session through Snowflake's driver, which is loaded with the first: rows come as arrays, streamed, numbers and JSON as texts,
 * so that nothing is rounded. Throws what the driver throws.
 */
export async function connectSnowflake(options: ConnectionOptions): Promise<Connection> {
  // Otherwise the client asks the addresses at which clouds describe their machines, and loads native code to describe this one.
  process.env.SNOWFLAKE_DISABLE_PLATFORM_DETECTION ??= 'true';
  process.env.SNOWFLAKE_DISABLE_MINICORE ??= 'true';
  const { default: snowflake } = await import('snowflake-sdk');
  const silent = () => undefined;
  // The client would write a log file into the working directory.
  snowflake.configure({ logLevel: 'OFF', additionalLogToConsole: false, customLogger: { error: silent, warn: silent, info: silent, debug: silent, trace: silent } });
  const connection = snowflake.createConnection({
    rowMode: 'array',
    streamResult: true,
    fetchAsString: ['Number', 'JSON'],
    representNullAsStringNull: false,
    application: 'Millrace',
    ...options,
  });
  await new Promise<void>((resolve, reject) => {
    connection.connectAsync((error) => (error ? reject(error) : resolve())).catch(reject);
  });
  return connection;
}
