import { PropertyError } from '../../server/extension/errors.ts';

const DOMAIN = '.snowflakecomputing.com';

/** The account without what people paste with it. */
function bare(account: string): string {
  return account
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/\/.*$/, '')
    .replace(new RegExp(`${DOMAIN.replaceAll('.', '\\.')}$`, 'i'), '');
}

/** Checks an account identifier. Throws PropertyError. */
export function checkAccount(account: string): void {
  if (!/^[A-Za-z0-9][\w-]*([.][\w-]+)*$/.test(bare(account)))
    throw new PropertyError('it must be an account identifier such as ORGANIZATION-ACCOUNT, or a locator such as xy12345.eu-central-1');
}

/** Where the account's API is. Names of hosts have no underscores. */
export function accountUrl(account: string): string {
  return `https://${bare(account).replaceAll('_', '-').toLowerCase()}${DOMAIN}`;
}

/** The account as tokens name it: in capital letters, a locator without its region. */
export function accountOfTokens(account: string): string {
  return bare(account).split('.')[0]!.toUpperCase();
}
