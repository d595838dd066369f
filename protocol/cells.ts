/**
 * The grid that pictures are looked at in. In a file of its own, without the schemas: the agent's picture worker needs
 * nothing else of the protocol when it runs, and starts a second sooner without them.
 */

/** Side of the squares of the grid that begins at 0, 0; at the right and at the bottom they are smaller. */
export const CELL = 64
/** Cells that the page keeps to show again: 64 MiB, eight screens of 1080p. */
export const KEPT_CELLS = 4096
