import type { Expression } from 'jsonata';

/** Evaluations may stand so deep inside each other. */
const MAX_DEPTH = 500;

/** Throws what JSONata says of the text, with the position. jsonata is loaded when the first expression is compiled. */
export async function compileJsonata(text: string): Promise<Expression> {
  const { default: jsonata } = await import('jsonata');
  try {
    return jsonata(text);
  } catch (thrown) {
    const { message, position } = thrown as { message?: string; position?: number };
    throw new Error(`${message ?? String(thrown)} (position ${position ?? 0})`);
  }
}

/** Evaluates with functions by name. Throws an Error where it fails, or takes longer than `limit` milliseconds. */
export async function evaluateWithin(
  expression: Expression,
  document: unknown,
  functions: Readonly<Record<string, (...args: never[]) => unknown>>,
  limit: number,
): Promise<unknown> {
  const deadline = performance.now() + limit;
  let depth = 0;
  const check = (): void => {
    if (depth > MAX_DEPTH) throw new Error(`the expression calls itself more than ${MAX_DEPTH} deep`);
    if (performance.now() > deadline) throw new Error(`it took longer than ${limit} ms`);
  };
  const enter = (): void => {
    depth++;
    check();
  };
  const leave = (): void => {
    depth--;
    check();
  };
  // The hooks that JSONata calls around each step, from its own way to limit time.
  const hooks = { [Symbol.for('jsonata.__evaluate_entry')]: enter, [Symbol.for('jsonata.__evaluate_exit')]: leave };
  for (const hook of Object.getOwnPropertySymbols(hooks)) expression.assign(hook as never, hooks[hook as keyof typeof hooks]);
  try {
    return await expression.evaluate(document, { ...functions });
  } catch (thrown) {
    throw thrown instanceof Error ? thrown : new Error((thrown as { message?: string }).message ?? String(thrown));
  }
}
