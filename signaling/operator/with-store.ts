import { openStore, type Store } from '../../store/store.ts'
import type { Config } from '../config.ts'
import { dataFolder, makeFolders } from '../data-folder.ts'

/** Opens the database beside a running service, or makes it where there is none, and closes it again. */
export async function withStore<Result>(
  config: Config,
  work: (store: Store) => Promise<Result>,
): Promise<Result> {
  makeFolders(config.dataFolder, ['signaling'])
  const store = await openStore(dataFolder(config.dataFolder).database)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}
