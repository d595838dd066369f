import {
  type ChainFault,
  type ChainState,
  EMPTY_CHAIN,
  isFault,
  stepChain,
  wrapsBelong,
} from '../../peer/recording/chain.ts'

export type Standing = ChainState['closed']

/**
 * Checks the chain as the entries come in [R5], with hashes that the browser made beforehand. After the first fault
 * nothing is proven any more; what each record says of itself can still be read.
 */
export class ChainCheck {
  readonly #wraps: Uint8Array
  #state: ChainState = EMPTY_CHAIN
  #fault: ChainFault | null = null

  constructor(wraps: Uint8Array) {
    this.#wraps = wraps
  }

  get fault(): ChainFault | null {
    return this.#fault
  }

  /** How it ends, as far as it was read. */
  get standing(): Standing {
    return this.#state.closed
  }

  get head(): string {
    return this.#state.head
  }

  /** True where this entry and all before it are where they belong. @param sha256 of `bytes` */
  take(bytes: Uint8Array, sha256: Uint8Array): boolean {
    if (this.#fault) return false
    const step = stepChain(this.#state, bytes, () => sha256)
    if (isFault(step)) this.#fault = step
    else if (step.entries === 1 && !wrapsBelong(step.header!, this.#wraps))
      this.#fault = { fault: 'wraps-differ', seq: 0 }
    else this.#state = step
    return this.#fault === null
  }
}
