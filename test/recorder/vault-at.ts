import { Vault, type VaultOptions } from '../../recorder/vault.ts'

/** Where the expiry keys of a vault made here are. */
export const keysOf = (directory: string) => `${directory}-keys`

/** A vault in a folder of the test, without a floor. */
export function vaultAt(directory: string, options: Partial<VaultOptions> = {}): Vault {
  const defaults = { keysDirectory: keysOf(directory), now: Date.now, floorBytes: 0, reserveBytes: 0 }
  return new Vault({ ...defaults, ...options, directory })
}
