import { ASK_LIFETIME_MS, type Consent } from '../../protocol/consent.ts'
import type { ExpertCard, ServicePolicy } from '../../protocol/identity.ts'
import type { PicturePermission } from '../../protocol/interlock.ts'
import type { Screen } from '../window/view.ts'
import type { Sharing } from './sharing.ts'

/** What the customer's window needs to know of a running session. */
export interface SessionFacts {
  readonly card: ExpertCard
  readonly policy: ServicePolicy
  readonly consent: Consent
  readonly sharing: Sharing | undefined
  readonly permission: PicturePermission
  readonly recorder: string
  readonly stopKeyName: string
}

/** A question comes before everything else; null while something is being prepared and nothing can be said. */
export function sessionScreen(facts: SessionFacts): Screen | null {
  const { card, policy, consent, sharing, permission, recorder, stopKeyName } = facts
  const expert = { name: card.name, team: card.team }
  if (consent.question) {
    const { level, askedAtMs } = consent.question
    const { operatorName, retentionDays } = policy
    return {
      t: 'question',
      level,
      expert,
      operatorName,
      retentionDays,
      expiresAtMs: askedAtMs + ASK_LIFETIME_MS,
    }
  }
  if (!sharing?.hasLinked || !consent.granted) return null
  return {
    t: 'sharing',
    expert,
    level: consent.granted,
    holder: 'customer',
    recorder,
    picture: permission.state,
    ...(permission.state === 'frozen' ? { pictureReason: permission.reason } : {}),
    line: sharing.line,
    sinceMs: sharing.sinceMs,
    stopKeyName,
  }
}

/** As on the watermark and in the recording: name and, where there is one, team. */
export function expertName({ name, team }: ExpertCard): string {
  return [name, team].filter((part) => part !== '').join(' · ')
}
