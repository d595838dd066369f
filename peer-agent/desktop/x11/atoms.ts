import type { XClient } from 'x11'

/** The protocol fixes these; all others are numbered by each server in the order they were asked for. */
const LAST_STANDARD_ATOM = 68

/**
 * The package keeps one table of atoms for all its connections, so a second server would be asked for the first one's
 * numbers. This gives the connection tables of its own.
 */
export function keepOwnAtoms(client: XClient): void {
  const standard = Object.entries(client.atoms).filter(([, atom]) => atom <= LAST_STANDARD_ATOM)
  client.atoms = Object.fromEntries(standard)
  client.atom_names = Object.fromEntries(standard.map(([name, atom]) => [atom, name]))
}
