import { messageOf } from '../../server/extension/errors.ts';
import { WarehouseError } from '../../server/extension/warehouse.ts';
import { snowflakeError } from './snowflake-errors.ts';

interface DriverFailure {
  readonly code?: string | number;
  readonly sqlState?: string;
  readonly response?: { readonly statusCode?: number; readonly status?: number };
}

/** What the driver throws, as a WarehouseError: Snowflake's codes are texts, those of the client numbers (lib/error_code of snowflake-sdk). */
export function driverError(thrown: unknown): WarehouseError {
  if (thrown instanceof WarehouseError) return thrown;
  const { code, sqlState, response } = thrown as DriverFailure;
  const message = messageOf(thrown);
  if (typeof code === 'string' && /^\d+$/.test(code)) return snowflakeError({ status: 200, code, sqlState, message });
  const status = response?.statusCode ?? response?.status;
  if (status !== undefined && status !== 200) return snowflakeError({ status, message: `${message.replace(/\.$/, '')} (status ${status})` });
  const isLost = /^(4010|4020|4055|4070|4080)/.test(String(code)) || /ECONN|ETIMEDOUT|EPIPE|socket|network|terminated/i.test(message);
  return new WarehouseError(isLost ? 'connection' : 'unknown', `Snowflake's driver: ${message}${code === undefined ? '' : ` [${code}]`}`, { cause: thrown });
}
