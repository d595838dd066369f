import { createHash } from 'node:crypto'
import { addExpert } from '../../store/experts.ts'
import type { NewSession } from '../../store/sessions.ts'
import type { Store } from '../../store/store.ts'

/** Who owns the sessions of these tests. */
export async function addTestExpert(store: Store): Promise<string> {
  await addExpert(store, {
    id: 'expert-1',
    name: 'Erika',
    team: 'IT',
    role: 'expert',
    passwordHash: 'x',
    createdAtMs: 0,
  })
  return 'expert-1'
}

/** A session id that differs for every `n`. */
export function testSession(n: number | string, createdAtMs: number, livesMs = 600_000): NewSession {
  return {
    id: createHash('sha256').update(String(n)).digest('base64url').slice(0, 22),
    expertId: 'expert-1',
    expertTokenHash: 'e'.repeat(43),
    card: { document: '{}', signature: 's'.repeat(86) },
    createdAtMs,
    expiresAtMs: createdAtMs + livesMs,
  }
}
