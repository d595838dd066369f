import { text } from 'node:stream/consumers'
import { runOperator } from './operator/commands.ts'

/** `npm run operator -- COMMAND`: there is no set-up page on the web [S3]. */
process.exitCode = await runOperator(process.argv.slice(2), {
  env: process.env,
  readInput: () => text(process.stdin),
  print: (line) => process.stdout.write(line),
  complain: (line) => process.stderr.write(line),
})
