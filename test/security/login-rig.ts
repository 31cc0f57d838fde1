import { createSecretKey, type KeyObject } from 'node:crypto';
import Database from 'better-sqlite3';
import { users as userTables } from '../../server/repository/migrations/0002-users.ts';
import { access as accessTables } from '../../server/repository/migrations/0003-access.ts';
import { AccessControl } from '../../server/security/access-control.ts';
import { Login } from '../../server/security/login.ts';
import { Throttle } from '../../server/extension/throttle.ts';
import { Tokens } from '../../server/security/tokens.ts';
import { Users } from '../../server/security/users.ts';

export const PASSWORD = 'correct horse battery staple';

/** A login with the user `admin`, its tables in memory, whose clock is turned by hand. */
export class LoginRig {
  now = 1_800_000_000_000;
  readonly key: KeyObject = createSecretKey(Buffer.alloc(32, 7));
  readonly db = new Database(':memory:');
  readonly users: Users;
  readonly tokens: Tokens;
  readonly throttle: Throttle;
  readonly login: Login;
  readonly control: AccessControl;

  private constructor() {
    this.db.exec(userTables);
    this.db.exec(accessTables);
    const now = (): number => this.now;
    this.users = new Users(this.db, now);
    this.tokens = new Tokens({ db: this.db, users: this.users, key: this.key, now });
    this.throttle = new Throttle(now);
    this.control = new AccessControl(this.db);
    this.login = new Login({ users: this.users, tokens: this.tokens, throttle: this.throttle });
  }

  static async make(): Promise<LoginRig> {
    const rig = new LoginRig();
    await rig.users.setPassword('admin', PASSWORD);
    return rig;
  }

  get seconds(): number {
    return Math.floor(this.now / 1000);
  }

  /** How many revoked tokens are remembered. */
  get revoked(): number {
    return (this.db.prepare('select count(*) as n from revoked_token').get() as { n: number }).n;
  }
}
