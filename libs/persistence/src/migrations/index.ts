import { MainJob1763700000000 } from './0001-main-job.js';
import { Evidence1763800000000 } from './0002-evidence.js';
import { Witness1763850000000 } from './0003-witness.js';
import { RoundRoster1763900000000 } from './0004-round-roster.js';
import { LogStorage1763950000000 } from './0005-log-storage.js';
import { OutgoingSubjects1764000000000 } from './0006-outgoing-subjects.js';
import { OutgoingRefused1764050000000 } from './0007-outgoing-refused.js';
import { Explanation1764100000000 } from './0008-explanation.js';
import { Access1764150000000 } from './0009-access.js';
import { Builders1764200000000 } from './0010-builders.js';
import { Dispatch1764250000000 } from './0011-dispatch.js';
import { LeasesAndArchive1764300000000 } from './0012-leases-and-archive.js';
import { Queries1764350000000 } from './0013-queries.js';
import { BuildLogs1764400000000 } from './0014-build-logs.js';
import { News1764450000000 } from './0015-news.js';
import { Groups1764500000000 } from './0016-groups.js';
import { SeatedOperators1764550000000 } from './0017-seated-operators.js';
import { RoomForSeats1764600000000 } from './0018-room-for-seats.js';
import { WithdrawnInvites1764650000000 } from './0019-withdrawn-invites.js';
import { LogHome1764700000000 } from './0020-log-home.js';

/** Append only: a migration that ran somewhere is never edited. */
export const migrations = [
  MainJob1763700000000,
  Evidence1763800000000,
  Witness1763850000000,
  RoundRoster1763900000000,
  LogStorage1763950000000,
  OutgoingSubjects1764000000000,
  OutgoingRefused1764050000000,
  Explanation1764100000000,
  Access1764150000000,
  Builders1764200000000,
  Dispatch1764250000000,
  LeasesAndArchive1764300000000,
  Queries1764350000000,
  BuildLogs1764400000000,
  News1764450000000,
  Groups1764500000000,
  SeatedOperators1764550000000,
  RoomForSeats1764600000000,
  WithdrawnInvites1764650000000,
  LogHome1764700000000,
];
