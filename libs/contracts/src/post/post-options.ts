/** What a post needs to know beside the report. */
export interface PostOptions {
  /** Address of the coordinator that readers use, without a path: `https://quorum.example`. */
  readonly origin: string;
  /** An operator of the round: the post is that member's own review. */
  readonly member?: string | undefined;
  /** Most characters, in UTF-16 units; see each post for its default. */
  readonly limit?: number | undefined;
}

/** What a forum takes in one post. Source: Discourse, site setting `max post length` */
export const FORUM_CHARACTERS = 32_000;
/** What Discord takes in one message of a person. Source: Discord API, Create Message, `content` */
export const DISCORD_CHARACTERS = 2_000;
