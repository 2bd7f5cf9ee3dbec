/**
 * Where something happened, as a chain of calls: the outermost call first, the node itself last.
 * `main` calls `makeFred` on line 20, which acquires on line 12: `20 -> 12`. Seen from `makeFred` alone
 * the same acquisition is just `12`. Sites are interned, so identity compares them.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { isWithin } from '../ir/within.ts';

export interface Site {
  readonly node: TSESTree.Node;
  /** The rest of the chain, inside the function that `node` calls; null where `node` is the place itself. */
  readonly inner: Site | null;
  readonly depth: number;
  /** Dense; in order of creation. */
  readonly id: number;
}

/** Calls above this many are left out of a chain: two acquisitions that differ only there become one. */
const MAX_SITE_DEPTH = 6;

export class Sites {
  #count = 0;
  readonly #outermost = new Map<TSESTree.Node, Map<Site | null, Site>>();

  at(node: TSESTree.Node, inner: Site | null = null): Site {
    // A function that is written in the call itself needs no other name than its place.
    if (inner !== null && encloses(node, inner.node)) return inner;
    if (inner !== null && inner.depth >= MAX_SITE_DEPTH) return this.at(node, inner.inner);
    let chains = this.#outermost.get(node);
    if (chains === undefined) this.#outermost.set(node, (chains = new Map<Site | null, Site>()));
    let site = chains.get(inner);
    if (site === undefined) {
      site = { node, inner, depth: inner === null ? 1 : inner.depth + 1, id: this.#count++ };
      chains.set(inner, site);
    }
    return site;
  }
}

function encloses(outer: TSESTree.Node, inner: TSESTree.Node): boolean {
  return outer !== inner && isWithin(inner, outer);
}

/** The place itself, inside all calls. */
export function innermost(site: Site): TSESTree.Node {
  let at = site;
  while (at.inner !== null) at = at.inner;
  return at.node;
}
