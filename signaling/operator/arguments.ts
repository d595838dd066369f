import { parseArgs } from 'node:util'
import { OperatorProblem } from './problem.ts'

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

/** The command's options and its one name. Throws `OperatorProblem` on anything it does not know. */
export function parsed<const Given extends Options>(args: string[], options: Given) {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: true })
    if (positionals.length > 1)
      throw new OperatorProblem(`One name was expected; put quotes around "${positionals.join(' ')}".`)
    return { values, name: positionals[0] }
  } catch (error) {
    if (error instanceof TypeError) throw new OperatorProblem(`${error.message.split('. ')[0]}. See --help.`)
    throw error
  }
}

export function needed(name: string | undefined): string {
  if (name === undefined) throw new OperatorProblem('A name is missing. See --help.')
  return name
}
