import type { Command } from '../shared/command.ts';

const NO_WORD = /[^\p{L}\p{N}%]+/u;

/** Commands in which every typed word begins a word of the title; without a text those that can be done now. Those that cannot come last. */
export function rankCommands(commands: readonly Command[], text: string, most: number): Command[] {
  const typed = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ title, section, obstacle }: Command): boolean => {
    if (typed.length === 0) return obstacle === undefined;
    const words = `${title} ${section}`.toLowerCase().split(NO_WORD);
    return typed.every((part) => words.some((word) => word.startsWith(part)));
  };
  return commands
    .filter(fits)
    .sort((a, b) => Number(a.obstacle !== undefined) - Number(b.obstacle !== undefined))
    .slice(0, most);
}

/** Whether the title begins with what is typed: then the command is meant, and not a name that its title repeats. */
export function isMeant({ title }: Command, text: string): boolean {
  const [typed = ''] = text.trim().toLowerCase().split(/\s+/);
  return title.toLowerCase().startsWith(typed);
}
