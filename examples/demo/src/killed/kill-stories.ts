/** A service that is killed in the midst of its work, and started again. */
export interface KillStory {
  /** For `--fault`. */
  readonly name: string;
  /** What happens, as a sentence without its full stop. */
  readonly title: string;
  /** Whether it is only there to prove that the demo notices what is lost. */
  readonly isControl: boolean;
  /** Whether a flush guard stands in front of the exporters; else the SDK's own processors and reader do. */
  readonly isGuarded: boolean;
}

/** What the tour ends with. */
export const killed: KillStory = {
  name: 'killed',
  title: 'SIGKILL under load, then a new start; telemetry-flush-guard stands in front of the exporters',
  isControl: false,
  isGuarded: true,
};

/** The demo must fail with it. */
const unguarded: KillStory = {
  name: 'unguarded',
  title: "control: the same with the SDK's own processors; what they have not sent is lost",
  isControl: true,
  isGuarded: false,
};

/** Every one that `--fault` knows. */
export const killStories: readonly KillStory[] = [killed, unguarded];

/** The story of that name. */
export function findKillStory(name: string): KillStory | undefined {
  return killStories.find(story => story.name === name);
}
