import { verifyCard, verifyPolicy } from '../../peer/signed-document.ts'
import { decodeDocument } from '../../protocol/codec.ts'
import { type ExpertCard, type ServicePolicy, SignedDocument } from '../../protocol/identity.ts'
import { includesLevel, type Level } from '../../protocol/level.ts'
import type { Joined } from './service-line.ts'

/** What this client was built or started with, and believes without asking anybody. */
export interface Pinned {
  /** Origin of the service, e.g. `https://support.example`. */
  readonly origin: string
  /** Ed25519 key of the operator in base64url; it signs the policy. */
  readonly operatorKey: string
  /** Older policies are refused, though the operator signed them once: one of their keys was stolen since. */
  readonly policySinceMs?: number
}

/** Throws a `Refusal` where policy or card were not signed by whom this client trusts [T3, R4]. */
export function verifyJoined(joined: Joined, pinned: Pinned): { policy: ServicePolicy; card: ExpertCard } {
  const policy = verifyPolicy(joined.policy, pinned.operatorKey, pinned.origin, pinned.policySinceMs)
  return { policy, card: verifyCard(joined.card, policy.cardKey, joined.sessionId) }
}

/** What can be granted here: the operator's policy narrows what this client offers, never widens it [C6]. */
export function levelsOf(policy: ServicePolicy, offered: readonly Level[]): readonly Level[] {
  const { highestLevel } = policy
  return offered.filter((level) => highestLevel === undefined || includesLevel(highestLevel, level))
}

/**
 * The policy as the service shows it before any session, for the name of who operates it.
 * Throws where the service can't be reached, and a `Refusal` where the policy is not the operator's.
 */
export async function fetchPolicy(pinned: Pinned): Promise<ServicePolicy> {
  const answer = await fetch(`${pinned.origin}/api/policy`, { signal: AbortSignal.timeout(10_000) })
  if (!answer.ok) throw new TypeError(`the service answered ${answer.status}`)
  const signed = decodeDocument(SignedDocument, await answer.text(), 64 * 1024)
  return verifyPolicy(signed, pinned.operatorKey, pinned.origin, pinned.policySinceMs)
}
