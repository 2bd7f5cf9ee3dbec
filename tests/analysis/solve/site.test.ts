/** Places as chains of calls. */
import { describe, expect, it } from 'vitest';
import { innermost, Sites, type Site } from '../../../analysis/solve/site.ts';
import { siteAt } from './build.ts';

/** Nodes by their line. */
const node = (line: number) => siteAt(line).node;
const lineOf = (site: Site): number => site.node.loc.start.line;

/** The chain from the outermost call to the place, by lines. */
function chain(sites: Sites, ...lines: readonly number[]): Site {
  const site = lines.reduceRight<Site | null>((inner, line) => sites.at(node(line), inner), null);
  return site!;
}

function linesOf(site: Site): number[] {
  return site.inner === null ? [lineOf(site)] : [lineOf(site), ...linesOf(site.inner)];
}

describe('a place', () => {
  it('is itself', () => {
    const sites = new Sites();
    expect(sites.at(node(1))).toBe(sites.at(node(1)));
    expect(sites.at(node(2))).not.toBe(sites.at(node(1)));
  });

  it('is another one in another call', () => {
    const sites = new Sites();
    expect(chain(sites, 20, 12)).toBe(chain(sites, 20, 12));
    const places = [chain(sites, 12), chain(sites, 20, 12), chain(sites, 21, 12), chain(sites, 20, 13)];
    expect(new Set(places).size).toBe(places.length);
    expect(new Set(places.map(({ id }) => id)).size).toBe(places.length);
  });

  it('tells the calls from the outermost on, and the line inside them all', () => {
    const site = chain(new Sites(), 30, 20, 12);
    expect(linesOf(site)).toEqual([30, 20, 12]);
    expect(innermost(site)).toBe(node(12));
    expect(innermost(chain(new Sites(), 12))).toBe(node(12));
  });

  it('belongs to its file', () => {
    expect(new Sites().at(node(1))).not.toBe(new Sites().at(node(1)));
  });
});

describe('a long chain', () => {
  const lines = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);

  it('keeps both of its ends', () => {
    const site = chain(new Sites(), ...lines(40));
    expect(lineOf(site)).toBe(1);
    expect(innermost(site)).toBe(node(40));
    expect(linesOf(site).length).toBeLessThan(10);
  });

  it('comes to no end of places in a recursion', () => {
    const sites = new Sites();
    const seen = new Set<Site>();
    let site = sites.at(node(1));
    for (let depth = 0; depth < 1000; depth++) {
      site = sites.at(node(2), site);
      seen.add(site);
    }
    expect(seen.size).toBeLessThan(10);
  });
});
