/** Writes programs from a list of random numbers: the same list, the same program; zeros end it soon. */

/** What may be named where a statement stands. */
interface Context {
  readonly depth: number;
  readonly variables: readonly string[];
  readonly loops: readonly string[];
  readonly blocks: readonly string[];
  readonly isInLoop: boolean;
  readonly isBreakable: boolean;
  readonly isInFinally: boolean;
}

const PRELUDE = `
let a = 1, b = 0, c = null;
const later = [];
const o = { x: 1, n: null, m(v) { log('m', v); return v; }, get: { deep(v) { log('deep', v); return o; } } };
function t(v) { log('t', v); return v; }
function boom(v) { log('boom', v); throw v; }
function resource(name) { log('open', name); return { name, [Symbol.dispose]() { log('dispose', name); } }; }
`;

export function randomProgram(entropy: readonly number[]): string {
  const writer = new Writer(entropy);
  const context: Context = {
    depth: 0,
    variables: ['a', 'b', 'c'],
    loops: [],
    blocks: [],
    isInLoop: false,
    isBreakable: false,
    isInFinally: false,
  };
  const body = writer.statements(context, 8).join('\n');
  return `${PRELUDE}
function main() {
${body}
}
try { log('result', main()); } catch (e) { log('uncaught', e); }
for (const f of later) f();
log('end', a, b, c, o.x, o.n);
`;
}

class Writer {
  readonly #entropy: readonly number[];
  #position = 0;
  #names = 0;

  constructor(entropy: readonly number[]) {
    this.#entropy = entropy;
  }

  #take(below: number): number {
    return (this.#entropy[this.#position++] ?? 0) % below;
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#take(from.length)]!;
  }

  #name(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }

  get #isDone(): boolean {
    return this.#position >= this.#entropy.length;
  }

  /* ---------------------------------------------------------------- statements */

  statements(context: Context, atMost: number): string[] {
    const count = 1 + this.#take(atMost);
    const lines: string[] = [];
    let inner = context;
    for (let index = 0; index < count; index++) {
      if (this.#isDone) break;
      const declared = this.#take(5) === 0 ? this.#declaration(inner) : null;
      if (declared !== null) {
        lines.push(declared.text);
        inner = { ...inner, variables: [...inner.variables, ...declared.names] };
      } else {
        lines.push(this.#statement(inner));
      }
    }
    return lines;
  }

  #block(context: Context): string {
    return `{\n${this.statements({ ...context, depth: context.depth + 1 }, 3).join('\n')}\n}`;
  }

  #declaration(context: Context): { text: string; names: string[] } {
    const name = this.#name('v');
    const value = this.#expression(context, 2);
    switch (this.#take(7)) {
      case 0:
        return { text: `let ${name} = ${value};`, names: [name] };
      case 1:
        return {
          text: `let { ${name} = ${this.#expression(context, 2)}, y: y${name} = 7 } = { y: ${value} };`,
          names: [name, `y${name}`],
        };
      case 2:
        return {
          text: `let [${name} = ${this.#expression(context, 2)}, , z${name}] = [${value}, 1, t(2)];`,
          names: [name, `z${name}`],
        };
      case 3:
        return { text: `let ${name}; later.push(() => log('${name}', ${name}));`, names: [name] };
      case 4:
        return { text: `using ${name} = resource('${name}');`, names: [] };
      case 5:
        return {
          text: `function ${name}(p = ${value}) { ${this.#functionBody(context, ['p'])} }`,
          names: [],
        };
      default:
        return { text: `var ${name} = ${value};`, names: [name] };
    }
  }

  #functionBody(context: Context, names: readonly string[]): string {
    const variables = [...context.variables, ...names];
    const inner = { ...context, variables, loops: [], blocks: [], isInLoop: false, isBreakable: false };
    return this.statements({ ...inner, depth: context.depth + 1 }, 2).join('\n');
  }

  #statement(context: Context): string {
    if (context.depth > 4) return this.#simple(context);
    switch (this.#take(16)) {
      case 0:
      case 1:
        return this.#simple(context);
      case 2:
      case 3: {
        const otherwise = this.#take(2) === 0 ? '' : ` else ${this.#body(context)}`;
        return `if (${this.#condition(context, 3)}) ${this.#block(context)}${otherwise}`;
      }
      case 4:
        return this.#for(context);
      case 5:
        return this.#while(context);
      case 6:
        return this.#forEach(context);
      case 7:
      case 8:
        return this.#switch(context);
      case 9:
      case 10:
      case 11:
        return this.#try(context);
      case 12: {
        const label = this.#name('B');
        const blocks = [...context.blocks, label];
        return `${label}: ${this.#block({ ...context, blocks })}`;
      }
      case 13: {
        const name = this.#name('f');
        return `{ const ${name} = (q) => { ${this.#functionBody(context, ['q'])} };\nlog('${name}', ${name}(${this.#expression(context, 2)})); }`;
      }
      case 14: {
        const name = this.#name('C');
        return `{ class ${name} { p = ${this.#expression(context, 2)}; static s = ${this.#expression(context, 2)}; constructor(q) { ${this.#functionBody(context, ['q'])} } get g() { return t(this.p); } m() { ${this.#functionBody(context, [])} } }
class D${name} extends ${name} { r = t(this.p); m() { log('sub'); return super.m(); } }
const i = new D${name}(${this.#expression(context, 2)}); log(i.p, i.g, i.r, ${name}.s, i.m()); }`;
      }
      default:
        return `if (${this.#condition(context, 2)}) ${this.#jump(context)}`;
    }
  }

  #body(context: Context): string {
    return this.#take(3) === 0 ? this.#jump(context) : this.#block(context);
  }

  #simple(context: Context): string {
    switch (this.#take(4)) {
      case 0:
        return `log('value', ${this.#expression(context, 3)});`;
      case 1:
        return `${this.#expression(context, 3)};`;
      case 2:
        return `if (${this.#condition(context, 2)}) ${this.#jump(context)}`;
      default: {
        const variable = this.#pick(context.variables);
        return `later.push(() => log('${variable}', ${variable}));`;
      }
    }
  }

  #jump(context: Context): string {
    const ways = [
      `return ${this.#expression(context, 2)};`,
      `throw ${this.#expression(context, 2)};`,
      'return;',
    ];
    if (context.isBreakable) ways.push('break;', 'break;');
    if (context.isInLoop) ways.push('continue;', 'continue;');
    for (const label of context.loops) ways.push(`continue ${label};`, `break ${label};`);
    for (const label of context.blocks) ways.push(`break ${label};`);
    return this.#pick(ways);
  }

  #loop(context: Context): { label: string; inner: Context } {
    if (this.#take(2) === 0) return { label: '', inner: { ...context, isInLoop: true, isBreakable: true } };
    const label = this.#name('L');
    const loops = [...context.loops, label];
    return { label: `${label}: `, inner: { ...context, loops, isInLoop: true, isBreakable: true } };
  }

  #for(context: Context): string {
    const { label, inner } = this.#loop(context);
    const i = this.#name('i');
    const closure = this.#take(2) === 0 ? `later.push(() => log('${i}', ${i}));` : '';
    const test = this.#take(2) === 0 ? '' : ` && ${this.#condition(context, 2)}`;
    const body = this.#block(inner).slice(1);
    const kind = this.#pick(['let', 'let', 'var']);
    return `${label}for (${kind} ${i} = 0; ${i} < ${1 + this.#take(3)}${test}; ${i}++) { ${closure}${body}`;
  }

  #while(context: Context): string {
    const { label, inner } = this.#loop(context);
    const w = this.#name('w');
    const test = `${w}++ < ${this.#take(3)}${this.#pick(['', ` && ${this.#condition(context, 2)}`])}`;
    const loop = this.#pick([
      () => `${label}while (${test}) ${this.#block(inner)}`,
      () => `${label}do ${this.#block(inner)} while (${test});`,
      () => `${label}while (true) { if (!(${test})) break; ${this.#block(inner)} }`,
    ])();
    return `{ let ${w} = 0; ${loop} }`;
  }

  #forEach(context: Context): string {
    const { label, inner } = this.#loop(context);
    const e = this.#name('e');
    const variables = [...inner.variables, e];
    const [head, isConstant] = this.#pick([
      [`for (let ${e} of [t(1), ${this.#expression(context, 2)}, 3])`, false],
      [`for (let { x: ${e} = 5 } of [{ x: 1 }, {}])`, false],
      [`for (const ${e} in { p: 1, q: 2 })`, true],
      [`for (o.x of [1, 2])`, true],
      [`for (using ${e} of [resource('u1'), resource('u2')])`, true],
    ] as const);
    return `${label}${head} ${this.#block(isConstant ? inner : { ...inner, variables })}`;
  }

  #switch(context: Context): string {
    const inner: Context = { ...context, isBreakable: true, depth: context.depth + 1 };
    const count = 1 + this.#take(5);
    const defaultAt = this.#take(count + 1);
    const cases: string[] = [];
    for (let index = 0; index < count; index++) {
      const isEmpty = this.#take(4) === 0;
      const body = isEmpty ? '' : `{ ${this.statements(inner, 2).join('\n')} }`;
      const end = isEmpty ? '' : this.#pick(['break;', 'break;', 'return;', '']);
      const head =
        index === defaultAt
          ? 'default'
          : `case ${this.#pick([String(this.#take(4)), `t(${this.#take(4)})`])}`;
      cases.push(`${head}: ${body} ${end}`);
    }
    return `switch (${this.#pick(context.variables)}) {\n${cases.join('\n')}\n}`;
  }

  #try(context: Context): string {
    const body = `try ${this.#block(context)}`;
    const error = this.#name('x');
    const kind = this.#take(3);
    const variables = [...context.variables, error];
    const handler = kind === 0 ? '' : ` catch (${error}) ${this.#block({ ...context, variables })}`;
    const finalizer = kind === 1 ? '' : ` finally ${this.#block(context)}`;
    return body + handler + finalizer;
  }

  /* ---------------------------------------------------------------- expressions */

  #condition(context: Context, depth: number): string {
    if (depth === 0) return this.#expression(context, 1);
    switch (this.#take(5)) {
      case 0:
        return `(${this.#condition(context, depth - 1)} && ${this.#condition(context, depth - 1)})`;
      case 1:
        return `(${this.#condition(context, depth - 1)} || ${this.#condition(context, depth - 1)})`;
      case 2:
        return `!${this.#condition(context, depth - 1)}`;
      default:
        return this.#expression(context, depth - 1);
    }
  }

  #expression(context: Context, depth: number): string {
    const variable = this.#pick(context.variables);
    if (depth === 0 || this.#isDone)
      return this.#pick([String(this.#take(4)), variable, 'null', 'undefined']);
    const sub = (): string => this.#expression(context, depth - 1);
    switch (this.#take(24)) {
      case 0:
        return `(${sub()} && ${sub()})`;
      case 1:
        return `(${sub()} || ${sub()})`;
      case 2:
        return `(${sub()} ?? ${sub()})`;
      case 3:
        return `(${this.#condition(context, 2)} ? ${sub()} : ${sub()})`;
      case 4:
        return `(${variable} = ${sub()})`;
      case 5:
        return `(${variable} ${this.#pick(['??=', '||=', '&&=', '+='])} ${sub()})`;
      case 6:
        return `(o.${this.#pick(['x', 'n'])} ${this.#pick(['=', '??=', '||=', '&&=', '+='])} ${sub()})`;
      case 7:
        return this.#pick([`${variable}++`, `--${variable}`, 'o.x++', '++o.x']);
      case 8:
        return `o.n?.m(${sub()})`;
      case 9:
        return `o?.get.deep(${sub()})?.m?.(${sub()})`;
      case 10:
        return this.#pick([
          `o.n?.a?.[t(${this.#take(4)})].c?.(${sub()})`,
          `o?.get.deep(1).zzz?.[${sub()}].c(${sub()})`,
        ]);
      case 11:
        return `(${sub()}, ${sub()})`;
      case 12:
        return this.#take(3) === 0 ? `boom(${sub()})` : `t(${sub()})`;
      case 13:
        return `(${sub()} ${this.#pick(['===', '==', '<', '+', '!='])} ${sub()})`;
      case 14:
        return `!${sub()}`;
      case 15:
        return `[${sub()}, ...[${sub()}, ${sub()}]][${this.#take(3)}]`;
      case 16:
        return `({ k: ${sub()}, ...{ j: ${sub()} }, l: t(1) }).${this.#pick(['j', 'k', 'l'])}`;
      case 17:
        return `([${variable}, o.x] = [${sub()}, ${sub()}], ${variable})`;
      case 18:
        return `({ q: o[t('n')] = ${sub()}, x: ${variable} } = o, ${variable})`;
      case 19:
        return `((p, { d = ${sub()} } = {}, ...r) => { log(p, d, r.length); return p; })(${sub()}, undefined, 1)`;
      case 20:
        return `(function () { ${this.#functionBody({ ...context, depth: context.depth + 2 }, [])} })()`;
      default:
        return `t(${sub()})`;
    }
  }
}
