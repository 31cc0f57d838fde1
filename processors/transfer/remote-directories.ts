import { directoryOf, faultOf, joined, type RemoteConnection } from './remote-files.ts';

/** A directory as a path from the root: one that is not is below the directory in which a session begins. */
export function absolute(connection: RemoteConnection, directory: string): string {
  if (directory.trim() === '') return connection.home;
  return directory.startsWith('/') || connection.home === '' ? directory : joined(connection.home, directory);
}

const isDirectory = async (connection: RemoteConnection, path: string): Promise<boolean> => (await connection.find(path))?.kind === 'directory';

/**
 * Makes a directory, and those above it that are missing. `blindly`: without looking first, for servers on which directories
 * may be entered but not looked at.
 */
export async function ensureDirectory(connection: RemoteConnection, given: string, blindly: boolean): Promise<void> {
  const directory = given.replace(/(.)\/+$/, '$1');
  if (directory === '' || directory === '/') return;
  if (!blindly && (await isDirectory(connection, directory))) return;
  try {
    await connection.makeDirectory(directory);
  } catch (thrown) {
    // SFTP has no status for "is there already": servers say that it failed.
    if (faultOf(thrown) === 'refused' && (blindly || (await isDirectory(connection, directory)))) return;
    if (faultOf(thrown) === 'lost' || faultOf(thrown) === undefined) throw thrown;
    // What is above it may be missing, which not every server says.
    await ensureDirectory(connection, directoryOf(directory), blindly);
    await connection.makeDirectory(directory).catch(async (again: unknown) => {
      // Somebody else may have made it meanwhile.
      if (faultOf(again) === 'lost' || !(await isDirectory(connection, directory))) throw again;
    });
  }
}
