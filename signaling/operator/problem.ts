/** The operator can set this right; `message` says how. Anything else that is thrown is a mistake of ours. */
export class OperatorProblem extends Error {
  override readonly name = 'OperatorProblem'
}
