import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const look = EditorView.theme({
  '&': { backgroundColor: 'transparent', color: 'var(--text)', fontSize: '12px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '18px' },
  '.cm-content': { padding: '6px 0', caretColor: 'var(--accent)' },
  '.cm-line': { padding: '0 10px' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'transparent', border: 'none', color: 'var(--text-faint)' },
  '.cm-placeholder': { color: 'var(--text-faint)', fontFamily: 'var(--font)', fontSize: '13px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { background: 'light-dark(#b9e3f0, #17586b)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-soft)', outline: 'none' },
  '.cm-reference': { color: 'var(--accent)', fontWeight: '500' },
  '.cm-tooltip': {
    border: '1px solid var(--border)',
    borderRadius: 'var(--radius)',
    background: 'var(--surface-raised)',
    boxShadow: 'var(--shadow-large)',
    color: 'var(--text)',
    zIndex: '60',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', fontSize: '12px', maxHeight: '240px', padding: '4px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px', borderRadius: 'var(--radius-small)', lineHeight: '18px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { background: 'var(--accent-soft) !important', color: 'var(--text) !important' },
  '.cm-completionDetail': { color: 'var(--text-faint)', fontStyle: 'normal', marginLeft: '8px' },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--accent)', fontWeight: '600' },
  '.cm-completionInfo': { maxWidth: '300px', padding: '8px 10px', fontFamily: 'var(--font)', fontSize: '12px', lineHeight: '18px' },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.function(tags.variableName)], color: 'light-dark(#7a3e9d, #cfa1ef)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'light-dark(#1a6b3c, #8fd3a4)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'light-dark(#9a4b00, #f0b178)' },
  { tag: [tags.propertyName], color: 'light-dark(#0b5c8a, #86cdf2)' },
  { tag: [tags.variableName], color: 'light-dark(#0b6e8a, #4cc3e0)', fontWeight: '500' },
  { tag: [tags.bracket, tags.escape], color: 'light-dark(#0b6e8a, #4cc3e0)' },
  { tag: [tags.comment], color: 'var(--text-faint)', fontStyle: 'italic' },
  { tag: [tags.typeName], color: 'light-dark(#0b6e8a, #4cc3e0)' },
]);

/** The tokens of theme.css, light and dark at once. */
export const editorTheme = [look, syntaxHighlighting(colours)];
