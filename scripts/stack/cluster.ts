/** A PostgreSQL cluster of our own: created, started, stopped, copied, removed. */

import postgres from "postgres";
import { Failure } from "./failure.ts";
import type { Keys } from "./keys.ts";
import type { PostgresInstallation } from "./packages.ts";
import { BOOTSTRAP } from "./paths.ts";
import { isAlive, isWorkedIn, waitUntil } from "./processes.ts";
import { mustRun, run, said } from "./run_tool.ts";
import type { ServerUser } from "./server_user.ts";

export interface ClusterSettings {
  /** A directory that the server's account owns; data, log and extension scripts lie in it. */
  directory: string;
  port: number;
  keys: Keys;
  /** False for a throw-away cluster, which trades crash safety for speed. */
  durable: boolean;
  /** True for the profile of one's own server: nobody connects without TLS. */
  tls: boolean;
  /** Server settings beside those that every cluster has. */
  settings?: Record<string, string>;
  installation: PostgresInstallation;
  user: ServerUser;
  /** What the server carries in its environment, to be found by. */
  environment: Record<string, string>;
}

/** Superuser of the cluster, as on hosted. Migrations never run as this role. */
export const SUPERUSER = "supabase_admin";

/** Database and role that migrations, seeds and tests use. */
export const DATABASE = "postgres";

/**
 * Extensions that role postgres may create: those of hosted Supabase's allow-list that exist as
 * Debian packages. One that is not installed fails with PostgreSQL's own message.
 */
const EXTENSIONS = [
  ..."address_standardizer address_standardizer_data_us autoinc bloom btree_gin btree_gist".split(
    " ",
  ),
  ..."citext cube dblink dict_int dict_xsyn earthdistance fuzzystrmatch hstore http hypopg".split(
    " ",
  ),
  ..."insert_username intarray isn ltree moddatetime pg_cron pg_partman pg_prewarm".split(" "),
  ..."pg_repack pg_stat_statements pg_trgm pg_walinspect pgaudit pgcrypto pgrouting".split(" "),
  ..."pgrowlocks pgstattuple pgtap plpgsql_check postgis postgis_raster postgis_sfcgal".split(" "),
  ..."postgis_tiger_geocoder postgis_topology postgres_fdw refint rum seg sslinfo".split(" "),
  ..."tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp vector xml2".split(" "),
];

export class Cluster {
  constructor(readonly settings: ClusterSettings) {}

  get data(): string {
    return `${this.settings.directory}/data`;
  }

  get log(): string {
    return `${this.settings.directory}/postgres.log`;
  }

  /** What a client of the TLS profile trusts: the server's own certificate. */
  get certificate(): string {
    return `${this.data}/server.crt`;
  }

  /** Connection URL of a role. */
  url(role: typeof SUPERUSER | "lite_server" | "postgres" = "postgres"): string {
    const { keys, port, tls } = this.settings;
    const password = role === "postgres" ? keys.databasePassword : keys.internalPassword;
    return `postgresql://${role}:${password}@127.0.0.1:${port}/${DATABASE}${tls ? TLS_QUERY : ""}`;
  }

  /** Whether files of the installed PostgreSQL's version lie here. */
  async exists(): Promise<boolean> {
    const version = await Deno.readTextFile(`${this.data}/PG_VERSION`).catch(() => "");
    return version.trim() === String(this.settings.installation.major);
  }

  /** Creates the files of an empty cluster; it is not started. */
  async create(): Promise<void> {
    const { directory, keys } = this.settings;
    const passwordFile = `${directory}/initdb-password`;
    await this.#write(passwordFile, keys.internalPassword);
    try {
      await this.#tool("Creating the PostgreSQL cluster", "initdb", [
        `--pgdata=${this.data}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
        "--no-instructions",
      ]);
    } finally {
      await Deno.remove(passwordFile).catch(() => {});
    }
    const configuration = await Deno.readTextFile(`${this.data}/postgresql.conf`);
    await this.#write(`${this.data}/postgresql.conf`, `${configuration}\ninclude 'plinth.conf'\n`);
  }

  /** Starts the server and waits until it answers. Its settings are written anew at each start. */
  async start(): Promise<void> {
    await this.#installExtensionScripts();
    await this.#write(`${this.data}/plinth.conf`, this.#configuration());
    if (this.settings.tls) await this.#makeCertificate();
    // at every start, because the files may be those of a server of the other profile
    await this.#write(`${this.data}/pg_hba.conf`, this.settings.tls ? TLS_ACCESS : PLAIN_ACCESS);
    await this.#clearTracesOfKilledServer();
    const result = await this.#run("pg_ctl", [
      `--pgdata=${this.data}`,
      `--log=${this.log}`,
      "--timeout=60",
      "--wait",
      "--silent",
      "start",
    ]);
    if (result.code !== 0) {
      const log = await Deno.readTextFile(this.log).catch(() => "");
      throw new Failure(
        `PostgreSQL did not start; its log is ${this.log}.`,
        `${said(result)}\n${log.split("\n").slice(-20).join("\n")}`,
      );
    }
  }

  /** Stops the server if it runs. `immediate` is for a cluster that is about to be removed. */
  async stop(mode: "fast" | "immediate" = "fast"): Promise<void> {
    if (await this.pid() === undefined) return;
    const options = [`--pgdata=${this.data}`, `--mode=${mode}`, "--wait", "--silent", "stop"];
    const result = await this.#run("pg_ctl", options);
    if (result.code !== 0 && await this.pid() !== undefined) {
      throw new Failure(`PostgreSQL in ${this.data} did not stop.`, said(result));
    }
  }

  /** Whether the server accepts connections. */
  async answers(): Promise<boolean> {
    const sql = postgres(this.url(), { max: 1, connect_timeout: 3, onnotice: () => {} });
    try {
      await sql`select 1`;
      return true;
    } catch {
      return false;
    } finally {
      await sql.end({ timeout: 1 });
    }
  }

  /** Process id of the running server, or undefined when none runs on these files. */
  async pid(): Promise<number | undefined> {
    const text = await Deno.readTextFile(`${this.data}/postmaster.pid`).catch(() => "");
    const pid = Number(text.split("\n")[0]);
    if (!pid || !await isAlive(pid)) return undefined;
    // The file outlives a killed server, whose number may be another process by now; and in a copy
    // of a running cluster it names the server of the other.
    const directory = await Deno.readLink(`/proc/${pid}/cwd`).catch(() => undefined);
    return directory === await Deno.realPath(this.data) ? pid : undefined;
  }

  /** Removes all files of the cluster, after stopping the server. */
  async remove(): Promise<void> {
    await this.stop("immediate");
    for (const path of [this.data, this.log]) {
      await Deno.remove(path, { recursive: true }).catch((error) => {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      });
    }
  }

  /** Copies the files of this stopped cluster. The copy has its settings, and this one's keys. */
  async copyTo(settings: ClusterSettings): Promise<Cluster> {
    const copy = new Cluster({ ...settings, keys: this.settings.keys });
    await mustRun(
      "Copying the database",
      // Shares the blocks where the file system can; elsewhere it copies.
      this.settings.user.command(["cp", "--archive", "--reflink=auto", this.data, copy.data]),
      { cwd: "/" },
    );
    return copy;
  }

  /** Gives an empty cluster the roles, schemas and extensions of a new hosted project. */
  async bootstrap(): Promise<void> {
    const { keys } = this.settings;
    const sql = postgres(this.url(SUPERUSER), { max: 1, onnotice: () => {} });
    try {
      for (const file of BOOTSTRAP_FILES) {
        await sql.begin(async (transaction) => {
          await transaction.unsafe(await Deno.readTextFile(`${BOOTSTRAP}/${file}`)).simple();
        }).catch((error: Error) => {
          throw new Failure(`${BOOTSTRAP}/${file} failed: ${error.message}.`);
        });
      }
      for (const role of ["postgres", "authenticator", "supabase_auth_admin", "lite_server"]) {
        const password = role === "postgres" ? keys.databasePassword : keys.internalPassword;
        await sql.unsafe(`alter role ${role} password '${password}'`);
      }
    } finally {
      await sql.end();
    }
  }

  #configuration(): string {
    const { directory, durable, port, settings: further, tls } = this.settings;
    const settings: Record<string, string | number> = {
      port,
      listen_addresses: "127.0.0.1",
      // No socket file: its path may not exceed 107 bytes, and TCP serves every client here.
      unix_socket_directories: "",
      shared_preload_libraries: "pg_stat_statements,pg_cron",
      "cron.database_name": DATABASE,
      // Background workers need no login; cron.host would be used without them.
      "cron.use_background_workers": "on",
      "cron.host": "",
      max_worker_processes: 20,
      "extwlist.extensions": EXTENSIONS.join(","),
      "extwlist.custom_path": `${directory}/extension_scripts`,
      wal_level: "logical",
      timezone: "UTC",
      log_timezone: "UTC",
      log_line_prefix: "%m [%p] %q%u@%d ",
      synchronous_commit: "off",
    };
    if (tls) Object.assign(settings, TLS_SETTINGS);
    if (!durable) {
      Object.assign(settings, { fsync: "off", full_page_writes: "off" });
    }
    Object.assign(settings, further);
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'`);
    return ["# Written by scripts/stack/cluster.ts at every start.", ...lines, ""].join("\n");
  }

  /** Makes a certificate where there is none. */
  async #makeCertificate(): Promise<void> {
    const key = `${this.data}/server.key`;
    if (await Deno.stat(key).then(() => true, () => false)) return;
    await mustRun(
      "Making a certificate",
      this.settings.user.command([
        ...["openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-days", "825"],
        ...["-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=127.0.0.1"],
        ...["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", this.certificate],
      ]),
      { cwd: "/" },
    );
  }

  /**
   * After kill -9 the old lock file can keep a server from starting, when its process is still a
   * zombie. It may go only once the last child of the old server has ended: two servers on the same
   * files would destroy them.
   */
  async #clearTracesOfKilledServer(): Promise<void> {
    if (await this.pid() !== undefined) return;
    if (!await waitUntil(async () => !await isWorkedIn(this.data), 15_000)) {
      throw new Failure(`A child of a killed PostgreSQL still works in ${this.data}.`);
    }
    await Deno.remove(`${this.data}/postmaster.pid`).catch(() => {});
  }

  /** The server reads these itself, and may not reach the repository, so it gets a copy. */
  async #installExtensionScripts(): Promise<void> {
    const source = `${BOOTSTRAP}/extension_scripts`;
    const target = `${this.settings.directory}/extension_scripts`;
    await this.#mkdir(target);
    for await (const extension of Deno.readDir(source)) {
      await this.#mkdir(`${target}/${extension.name}`);
      for await (const script of Deno.readDir(`${source}/${extension.name}`)) {
        const path = `${extension.name}/${script.name}`;
        await this.#write(`${target}/${path}`, await Deno.readTextFile(`${source}/${path}`));
      }
    }
  }

  async #mkdir(path: string): Promise<void> {
    await Deno.mkdir(path, { recursive: true });
    await this.#own(path);
  }

  async #write(path: string, text: string): Promise<void> {
    await Deno.writeTextFile(path, text, { mode: 0o600 });
    await this.#own(path);
  }

  async #own(path: string): Promise<void> {
    const { uid, gid } = this.settings.user;
    if (uid !== Deno.uid()) await Deno.chown(path, uid, gid);
  }

  #run(program: string, args: string[]) {
    const { environment, installation, user } = this.settings;
    const command = user.command([`${installation.bin}/${program}`, ...args]);
    return run(command, { cwd: "/", env: environment });
  }

  async #tool(purpose: string, program: string, args: string[]): Promise<void> {
    const result = await this.#run(program, args);
    if (result.code !== 0) throw new Failure(`${purpose} failed.`, said(result));
  }
}

/** In this order. */
const BOOTSTRAP_FILES = ["roles.sql", "auth.sql", "api_server.sql", "extensions.sql"];

/** What makes a client of the TLS profile use it; libpq would anyway, postgres.js would not. */
export const TLS_QUERY = "?sslmode=require";

/** docs/security.md shows these and TLS_ACCESS as the template of one's own server. */
export const TLS_SETTINGS = {
  ssl: "on",
  ssl_min_protocol_version: "TLSv1.2",
  password_encryption: "scram-sha-256",
};

/** pg_hba.conf: there is no line for a connection without TLS, so it meets a refusal. */
export const TLS_ACCESS = `# Written by scripts/stack/cluster.ts at every start.
hostssl all         all all scram-sha-256
hostssl replication all all scram-sha-256
`;

/** pg_hba.conf without the profile; the server listens on this machine only. */
const PLAIN_ACCESS = `# Written by scripts/stack/cluster.ts at every start.
host all         all 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
`;
