import type { DeletionReport } from '../protocol/messages/recording-requests.ts'
import type { KeptProof } from '../store/deletion-proofs.ts'
import { postToService, type ServiceAddress } from './service-post.ts'

/** Tells the service's audit log of a deletion; resolves once it stands there. Told twice where an answer is lost. */
export function reportDeletion(service: ServiceAddress, proof: KeptProof): Promise<void> {
  const { sessionId, headHash: head, entries, dueAtMs, deletedAtMs } = proof
  const report: DeletionReport = { sessionId, head, entries, dueAtMs, deletedAtMs }
  return postToService(service, '/api/recorder/deletions', report)
}
