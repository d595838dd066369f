import { text } from 'node:stream/consumers'
import { runOperator } from './operator/commands.ts'

/** `npm run operator -- COMMAND`: there is no set-up page on the web [S3]. */
process.exitCode = await runOperator(process.argv.slice(2), {
  env: process.env,
  readInput: () => text(process.stdin),
  // Waits until it is taken: an audit log can be larger than memory.
  print: (text) => new Promise((taken) => process.stdout.write(text, () => taken())),
  complain: (line) => process.stderr.write(line),
})
