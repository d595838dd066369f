import { verifyAuditCommand } from './audit-command.ts'

/** Checks an exported audit log; its usage is in `audit-command.ts`. */
process.exitCode = await verifyAuditCommand(process.argv.slice(2), {
  print: (sentence) => console.log(sentence),
  complain: (sentence) => console.error(sentence),
})
