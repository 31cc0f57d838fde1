import type { FlowFile } from '../../server/extension/flowfile.ts';

type Value = (flowFile?: FlowFile) => string;

/** A rule of UpdateAttribute's advanced editor: where all conditions hold, its attributes are set. */
export interface UpdateRule {
  readonly conditions: readonly Value[];
  readonly actions: readonly (readonly [attribute: string, value: Value])[];
}

export interface UpdateRules {
  /** Each rule that holds gets a FlowFile of its own; otherwise all of them change the one. */
  readonly clones: boolean;
  readonly rules: readonly UpdateRule[];
}

/** A tag with its text and what is inside. */
interface Element {
  readonly name: string;
  readonly children: Element[];
  text: string;
}

const textOf = (element: Element, name: string): string => element.children.find((child) => child.name === name)?.text ?? '';
const all = (element: Element, name: string): Element[] => element.children.filter((child) => child.name === name);

/** Reads what the editor has stored, an XML document. Throws an Error where it is something else. `compile` compiles expressions. */
export async function readRules(annotationData: string, compile: (text: string) => Value): Promise<UpdateRules | undefined> {
  const criteria = await parseXml(annotationData);
  const rules = all(criteria, 'rules').map((rule) => ({
    conditions: all(rule, 'conditions').map((condition) => compile(textOf(condition, 'expression'))),
    actions: all(rule, 'actions').map((action) => [textOf(action, 'attribute'), compile(textOf(action, 'value'))] as const),
  }));
  return rules.length > 0 ? { clones: textOf(criteria, 'flowFilePolicy') === 'USE_CLONE', rules } : undefined;
}

async function parseXml(text: string): Promise<Element> {
  const { SaxesParser } = await import('saxes');
  const parser = new SaxesParser();
  const root: Element = { name: '', children: [], text: '' };
  const open = [root];
  parser.on('opentag', ({ name }) => {
    const element: Element = { name, children: [], text: '' };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('text', (part) => {
    open.at(-1)!.text += part;
  });
  parser.on('closetag', () => open.pop());
  parser.on('error', (error) => {
    throw new Error(`the rules of the advanced editor are not XML: ${error.message}`);
  });
  parser.write(text).close();
  return root.children[0]!;
}

/** The attributes that the rules set on a FlowFile: one set for each FlowFile that comes of it, none where no rule holds. */
export function ruleActions(flowFile: FlowFile, { clones, rules }: UpdateRules): Record<string, string>[] {
  const holding = rules.filter(({ conditions }) => conditions.every((condition) => condition(flowFile).toLowerCase() === 'true'));
  const sets = holding.map(({ actions }) => Object.fromEntries(actions.map(([name, value]) => [name, value(flowFile)])));
  return clones || sets.length === 0 ? sets : [Object.assign({}, ...sets)];
}
