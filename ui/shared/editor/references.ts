import { Decoration, type DecorationSet, type EditorView, MatchDecorator, ViewPlugin, type ViewUpdate } from '@codemirror/view';

const reference = new MatchDecorator({ regexp: /[#$]\{[^{}]*\}/g, decoration: Decoration.mark({ class: 'cm-reference' }) });

/** Marks parameters and expressions inside other languages, such as SQL. */
export const referenceMarks = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = reference.createDeco(view);
    }
    update(update: ViewUpdate): void {
      this.decorations = reference.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
