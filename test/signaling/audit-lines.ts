import { AuditVerifier } from '../../peer/audit/audit-verifier.ts'
import { decodeDocument } from '../../protocol/codec.ts'
import { SignedDocument } from '../../protocol/identity.ts'
import { AuditLine } from '../../protocol/messages/audit.ts'
import type { AuditEvent } from '../../protocol/messages/audit-event.ts'
import type { Config } from '../../signaling/config.ts'
import { dataFolder } from '../../signaling/data-folder.ts'
import { publicKeyOf, signingKey } from '../../signaling/keys/ed25519.ts'
import { readSecretFile } from '../../signaling/keys/secret-file.ts'
import { auditHead, readAuditLines } from '../../store/audit-log.ts'
import { openStore, type Store } from '../../store/store.ts'

/** The events of a service's log so far. Throws where the log is not whole, or a line is not what it should be. */
export async function auditEvents(config: Config, store?: Store): Promise<AuditEvent[]> {
  const files = dataFolder(config.dataFolder)
  const own = store ?? (await openStore(files.database))
  try {
    const head = await auditHead(own)
    const publicKey = publicKeyOf(signingKey(readSecretFile(files.cardKey)!))
    const verifier = new AuditVerifier({ publicKey, anchors: [head] })
    const lines = await readAuditLines(own, { fromSeq: 1, toSeq: head.seq, limit: 10_000 })
    for (const { text } of lines) verifier.take(text)
    const report = verifier.report()
    if (!report.ok) throw new Error(`the audit log is broken: ${JSON.stringify(report)}`)
    return lines.map(({ text }) => {
      const { document } = decodeDocument(SignedDocument, text, 65_536)
      return decodeDocument(AuditLine, document, 65_536).event
    })
  } finally {
    if (!store) await own.close()
  }
}
