import { commitmentOf, revealStatement, signStatement, type Envelope } from '#libs/attestation';
import { CloseEvidence } from '#libs/contracts';
import { isSufficientlyWitnessed } from '#libs/evidence';
import {
  eventually,
  makeFailure,
  makeResult,
  outputDigest,
  signCommit,
  signResult,
  type CoordinatorClient,
  type HandBuilder,
  type Invitation,
} from '#libs/testing';
import type { DrawnRound, DrawnSeat } from './drawn-round.js';

/** Where a round is played. */
export interface Ground {
  readonly api: CoordinatorClient;
  /** Of whom the drawn seats are, in this order. */
  readonly builders: readonly HandBuilder[];
  /** Name of the log. */
  readonly origin: string;
  /** Lets the deadline pass that a round waits for. */
  passDeadline(round: string): Promise<void>;
}

interface Player {
  readonly builder: HandBuilder;
  readonly drawn: DrawnSeat;
  readonly result: Envelope;
  readonly commit: Envelope;
}

/** A drawn round over a real coordinator, with builders that are played by hand. */
export class PlayedRound {
  private constructor(
    private readonly ground: Ground,
    private readonly drawn: DrawnRound,
    readonly round: string,
    private readonly players: readonly Player[],
  ) {}

  /** Plays a round on a commit of its own until it has its verdict. */
  static async play(ground: Ground, drawn: DrawnRound, commit: string): Promise<PlayedRound> {
    const { api, builders } = ground;
    const { blind, threshold } = drawn;
    const seats = builders.map((builder, at) => ({ builder, drawn: drawn.seats[at]! }));
    const idsOf = (invited: DrawnSeat['invited']): readonly string[] =>
      seats.flatMap((seat) => (seat.drawn.invited === invited ? [seat.builder.id] : []));
    if (drawn.repeated === 'before') await api.open({ commit, threshold });

    const round = await api.open({ commit, blind, threshold, builders: [...idsOf('at-once')] });
    const invited = seats.filter((seat) => seat.drawn.invited !== 'never');
    const first = invited.find((seat) => seat.drawn.invited === 'at-once')!;
    const invitation = await first.builder.invitation(round);
    const players = invited.map((seat) => ({ ...seat, ...sealed(seat, invitation) }));
    const played = new PlayedRound(ground, drawn, round, withCopies(players, round));
    const added = [...idsOf('later')];
    if (added.length > 0) await api.post(`/v1/rounds/${round}/amend`, { builders: added });
    // Before anybody commits: where nobody does, the close is the verdict as well.
    if (drawn.repeated === 'meanwhile') await api.open({ commit, threshold });
    await played.commitInTime();
    await played.showAndDecide();
    return played;
  }

  /** Lets come what comes after a verdict, so that the bundle holds it as well. */
  async goOn(commit: string): Promise<void> {
    const { api } = this.ground;
    const { repeated, threshold } = this.drawn;
    for (const player of this.promising('after-verdict')) await this.commit(player);
    for (const player of this.players.filter(canShow)) {
      const { commits, shows } = player.drawn;
      const isLeft = commits === 'after-verdict' || shows === 'after-verdict';
      if (isLeft && commits !== 'never' && shows !== 'never') await this.show(player, 'bare');
    }
    if (repeated === 'after') await api.open({ commit, threshold });
  }

  /** Whose word has to count by what was drawn alone. */
  get expected(): readonly string[] {
    return this.promising('in-time')
      .filter(canShow)
      .filter(({ drawn: { shows } }) => shows !== 'after-verdict' && shows !== 'never')
      .map(({ builder }) => builder.id)
      .toSorted();
  }

  private promising(when: DrawnSeat['commits']): readonly Player[] {
    return this.players.filter(({ drawn }) => drawn.commits === when);
  }

  private async commitInTime(): Promise<void> {
    for (const player of this.promising('in-time')) {
      await this.commit(player);
      // A round that is not blind shows what there is at once.
      const isShown = !this.drawn.blind && canShow(player) && player.drawn.shows === 'bare';
      if (isShown) await this.show(player, 'bare');
    }
    const { round } = await this.ground.api.report(this.round);
    if (round?.phase === 'open') await this.ground.api.close(this.round);
  }

  private async showAndDecide(): Promise<void> {
    const { api } = this.ground;
    for (const player of this.players) await player.builder.close(this.round);
    for (const player of this.promising('late')) {
      await this.commit(player);
      const isShown = canShow(player) && player.drawn.shows === 'bare';
      if (isShown) await this.show(player, 'bare');
    }
    for (const player of this.promising('in-time').filter(canShow)) {
      const { shows } = player.drawn;
      const isShown = !this.drawn.blind && shows === 'bare';
      if (shows === 'after-verdict' || shows === 'never' || isShown) continue;
      await this.show(player, shows);
    }
    const { round } = await api.report(this.round);
    // For those who promised and stay silent.
    if (round?.phase === 'revealing') await this.ground.passDeadline(this.round);
    await api.reportIn('final', this.round);
  }

  private async commit({ builder, commit }: Player): Promise<void> {
    await builder.commit(commit);
    await builder.receipt(commit);
  }

  private async show(
    { builder, result }: Player,
    sight: 'witnessed' | 'unwitnessed' | 'bare',
  ): Promise<void> {
    const reveal = sight === 'bare' ? null : await this.reveal(builder, result, sight);
    await builder.reveal(result, reveal === null ? {} : { reveal });
    await builder.receipt(result);
  }

  private async reveal(
    builder: HandBuilder,
    result: Envelope,
    sight: 'witnessed' | 'unwitnessed',
  ): Promise<Envelope> {
    const { open } = await builder.invitation(this.round);
    const policy = open.witnessing!.policy;
    const path = `/v1/rounds/${this.round}/close-evidence?builder=${builder.id}&oldSize=0`;
    const evidence = await eventually(
      'close evidence',
      async () => CloseEvidence.parse(await (await this.ground.api.get(path)).json()),
      ({ checkpoint: note, closeIndex }) =>
        isSufficientlyWitnessed({
          note,
          policy,
          origin: this.ground.origin,
          minSize: closeIndex + 1,
        }),
    );
    const { commitIndex, closeIndex, checkpoint } = evidence;
    const said = { round: this.round, builder: builder.id, commitment: commitmentOf(result) };
    const seen = sight === 'witnessed' ? checkpoint : alone(checkpoint, this.ground.origin);
    const statement = revealStatement({ ...said, commitIndex, closeIndex, checkpoint: seen });
    return signStatement(statement, builder.signer);
  }
}

/** A copier knows a commitment and not what it stands for: it has nothing to show. */
function canShow({ drawn }: Player): boolean {
  return drawn.built !== 'copied';
}

function sealed(
  { builder, drawn }: Pick<Player, 'builder' | 'drawn'>,
  { round, open }: Invitation,
): Pick<Player, 'result' | 'commit'> {
  const answered = { round, release: open.release, builder: builder.id };
  const variant = drawn.built === 'copied' ? 'good' : drawn.built;
  const built = makeResult(answered, variant);
  const published = built.published.map((reading) => {
    return { ...reading, sha256: outputDigest(reading.artifact, drawn.read) };
  });
  const result = signResult(
    drawn.built === 'failed'
      ? makeFailure(answered)
      : { ...built, published: drawn.read === 'nothing' ? [] : published },
    builder.signer,
  );
  return { result, commit: signCommit(round, result, builder.signer) };
}

/** Has copiers promise what the first other one promises. */
function withCopies(players: readonly Player[], round: string): readonly Player[] {
  const copied = players.find(canShow);
  if (copied === undefined) return players;
  return players.map((player) => {
    if (canShow(player)) return player;
    return { ...player, commit: signCommit(round, copied.result, player.builder.signer) };
  });
}

/** A checkpoint without its witnesses: the log's own word. */
function alone(note: string, origin: string): string {
  const [text = '', lines = ''] = note.split('\n\n');
  const own = lines.split(/(?<=\n)/).filter((line) => line.startsWith(`— ${origin} `));
  return `${text}\n\n${own.join('')}`;
}
