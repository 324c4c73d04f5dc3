-- Rotation of keys as a backfill: registered columns are encrypted anew by the active keys, a chunk
-- of rows a transaction, and a version is retired only when nothing needs it any more.

create table private.encrypted_columns (
  relation regclass not null,
  column_name text not null,
  key_column text not null,
  context text not null,
  index_column text,
  index_function text,
  pass_versions int[],
  position text,
  has_skipped boolean not null default false,
  reindexes boolean not null default false,
  done_versions int[],
  failed_keys text[] not null default '{}',
  failed_at timestamptz,
  primary key (relation, column_name),
  constraint encrypted_columns_index_function_check check (
    index_function is null or index_column is not null
  )
);

comment on table private.encrypted_columns is
  'Columns of encrypted text, and how far their rows have come under the active keys.';
comment on column private.encrypted_columns.key_column is
  'The primary key, by which rows are read.';
comment on column private.encrypted_columns.context is
  'A row is encrypted for <context>.<key>, its blind index for <context>.';
comment on column private.encrypted_columns.index_column is
  'Text column of the blind index; null without one.';
comment on column private.encrypted_columns.index_function is
  'Function that normalises a text before it is indexed; null when it is indexed as it is.';
comment on column private.encrypted_columns.pass_versions is
  'Versions of encryption and blind_index that the present pass writes; null before the first.';
comment on column private.encrypted_columns.position is
  'Last key of the pass; null when it stands at the start.';
comment on column private.encrypted_columns.has_skipped is
  'True when the pass left rows out that others held: it takes one more.';
comment on column private.encrypted_columns.reindexes is
  'True while the pass writes the blind index of all rows, because how it is made has changed.';
comment on column private.encrypted_columns.failed_keys is
  'Keys of rows that the present pass could not encrypt anew: they do not decrypt, or a '
  'constraint, a trigger or the index function refuses them; the first hundred.';
comment on column private.encrypted_columns.failed_at is
  'End of a pass with such rows; the next begins ops.reencrypt_retry_minutes later. Null: none.';
comment on column private.encrypted_columns.done_versions is
  'Versions that every row has reached; null before the end of the first pass.';

select private.define_error('PL083', 400, 'Version %s of key %s can not be retired: %s.',
  'Rotate the key, and wait until private.encrypted_columns shows its columns done.');
select private.define_error('PL084', 400, 'Column %s of %s can not be registered.',
  'Columns are of type text, the table has a primary key of one column of type uuid, text or an '
  'integer, and the function takes and returns text.');
select private.define_error('PL086', 400, 'Column %s of %s holds values of context %s.',
  'A value is bound to its context. Decrypt them with it and write them anew, then register.');

create function private.register_encrypted_column(
  relation regclass,
  column_name text,
  context text default null,
  index_column text default null,
  index_function text default null
)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  key_column text;
  normalizer text;
  new_context text := coalesce(context, format('%s.%s', relation, column_name));
  previous private.encrypted_columns;
  holds_values boolean;
begin
  select pg_attribute.attname into key_column
  from pg_catalog.pg_index
  join pg_catalog.pg_attribute
    on pg_attribute.attrelid = pg_index.indrelid and pg_attribute.attnum = pg_index.indkey[0]
  where pg_index.indrelid = register_encrypted_column.relation
    and pg_index.indisprimary
    and pg_index.indnkeyatts = 1
    -- the text of any other type may depend on the session, and a value is bound to that text
    and pg_attribute.atttypid in (
      'uuid'::regtype, 'text'::regtype, 'varchar'::regtype, 'int2'::regtype, 'int4'::regtype,
      'int8'::regtype
    );
  select format('%I.%I', pg_namespace.nspname, pg_proc.proname) into normalizer
  from pg_catalog.pg_proc
  join pg_catalog.pg_namespace on pg_namespace.oid = pg_proc.pronamespace
  where pg_proc.oid = to_regprocedure(register_encrypted_column.index_function || '(text)')
    and pg_proc.prorettype = 'text'::regtype;

  if key_column is null
    or (index_function is null) <> (normalizer is null)
    or exists (
      select
      from unnest(array[register_encrypted_column.column_name, index_column]) as needed (name)
      where needed.name is not null
        and not exists (
          select
          from pg_catalog.pg_attribute
          where pg_attribute.attrelid = register_encrypted_column.relation
            and pg_attribute.attname = needed.name
            and pg_attribute.atttypid = 'text'::regtype
            and pg_attribute.attnum > 0
        )
    )
  then
    perform private.fail('PL084',
      register_encrypted_column.column_name, register_encrypted_column.relation::text);
  end if;

  select encrypted_columns.* into previous
  from private.encrypted_columns
  where encrypted_columns.relation = register_encrypted_column.relation
    and encrypted_columns.column_name = register_encrypted_column.column_name
  for no key update;
  if previous.context <> new_context then
    execute format(
      'select exists (select from %s where %I is not null)',
      register_encrypted_column.relation, register_encrypted_column.column_name
    )
    into holds_values;
    if holds_values then
      perform private.fail('PL086',
        register_encrypted_column.column_name, register_encrypted_column.relation::text,
        previous.context);
    end if;
  end if;

  insert into private.encrypted_columns (
    relation, column_name, key_column, context, index_column, index_function
  )
  values (
    register_encrypted_column.relation, register_encrypted_column.column_name, key_column,
    new_context, register_encrypted_column.index_column, normalizer
  )
  on conflict on constraint encrypted_columns_pkey do update
  set
    key_column = excluded.key_column,
    context = excluded.context,
    index_column = excluded.index_column,
    index_function = excluded.index_function,
    pass_versions = null,
    position = null,
    has_skipped = false,
    reindexes = encrypted_columns.reindexes
      or excluded.index_column is not null
      and (encrypted_columns.index_column, encrypted_columns.index_function)
        is distinct from (excluded.index_column, excluded.index_function),
    done_versions = null,
    failed_at = null;
end;
$$;

comment on function private.register_encrypted_column(regclass, text, text, text, text) is
  'Puts a column of encrypted text under rotation; called again it changes how. Parameters: table, '
  'column, what its rows name as context before the dot and their key (by default '
  'schema.table.column), the column of its blind index, and the function text to text that '
  'normalises what is indexed; when how it is indexed changes, all rows are indexed anew. Raises '
  'PL084 when a column is no text, the primary key has several columns or is of a type whose text '
  'depends on the session, or there is no such function, PL086 when the column holds values of '
  'another context.';

create function private.reencrypt_chunk(row_limit int)
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  versions constant int[] := array(
    select keys.version
    from private.keys
    where keys.purpose in ('encryption', 'blind_index') and keys.replaced_at is null
    order by keys.purpose = 'encryption' desc
  );
  pause constant interval :=
    make_interval(mins => ops.setting('ops.reencrypt_retry_minutes')::int);
  target private.encrypted_columns;
  key_type text;
  is_stale text;
  set_index text := '';
  last_key text;
  stale_rows int;
  held_keys text[];
  held_key text;
  rewrite text;
  failed text[] := array[]::text[];
  reason text;
begin
  delete from private.encrypted_columns
  where not exists (
    select from pg_catalog.pg_class where pg_class.oid = encrypted_columns.relation
  );
  select encrypted_columns.* into target
  from private.encrypted_columns
  where encrypted_columns.done_versions is distinct from versions
    and (
      encrypted_columns.failed_at is null
      or encrypted_columns.failed_at <= now() - pause
      or encrypted_columns.pass_versions is not null
        and encrypted_columns.pass_versions is distinct from versions
    )
  order by encrypted_columns.relation, encrypted_columns.column_name
  limit 1
  for no key update skip locked;
  if target.relation is null then
    return false;
  end if;

  if target.pass_versions is distinct from versions then
    -- Who began before the rotation may still write an old version behind the pass.
    if exists (
      select
      from private.keys
      where keys.purpose in ('encryption', 'blind_index')
        and keys.replaced_at is not null
        and keys.retired_at is null
        and not private.key_is_quiet(keys.purpose, keys.version)
    ) then
      return false;
    end if;
    target.pass_versions := versions;
    target.position := null;
    target.has_skipped := false;
    target.failed_keys := '{}';
  end if;

  select format_type(pg_attribute.atttypid, pg_attribute.atttypmod) into key_type
  from pg_catalog.pg_attribute
  where pg_attribute.attrelid = target.relation and pg_attribute.attname = target.key_column;
  is_stale := format('%I not like %L', target.column_name, format('v%s.%%', versions[1]));
  if target.index_column is not null then
    is_stale := format('%I is not null and (%s or coalesce(%I, %L) not like %L)',
      target.column_name, is_stale, target.index_column, '', format('v%s.%%', versions[2]));
  end if;
  if target.reindexes then
    is_stale := format('%I is not null', target.column_name);
  end if;

  execute format(
    $query$
      with page as (
        select %1$I as key, %2$s as is_stale
        from %3$s
        where $1 is null or %1$I > $1::%4$s
        order by %1$I
        limit $2
      ),
      held as (
        select %1$I as key
        from %3$s
        where %1$I in (select page.key from page where page.is_stale)
        for no key update skip locked
      )
      select
        (select page.key::text from page order by page.key desc limit 1),
        (select count(*) from page where page.is_stale),
        (select coalesce(array_agg(held.key::text), '{}') from held)
    $query$,
    target.key_column, is_stale, target.relation, key_type
  )
  into last_key, stale_rows, held_keys
  using target.position, row_limit;

  if target.index_column is not null then
    set_index := format(
      ', %I = private.blind_index(%s(private.decrypt_sensitive(%I, $1 || %I)), $2)',
      target.index_column, target.index_function, target.column_name, target.key_column
    );
  end if;
  -- A statement of its own: it sees what was committed before the rows were locked.
  rewrite := format(
    $query$
      update %1$s
      set %2$I = private.encrypt_sensitive(
        private.decrypt_sensitive(%2$I, $1 || %3$I), $1 || %3$I
      )%4$s
      where %3$I = any ($3::%5$s[])
    $query$,
    target.relation, target.column_name, target.key_column, set_index, key_type
  );
  -- what is checked at the end of the transaction would be no error of these blocks
  set constraints all immediate;
  begin
    execute rewrite using target.context || '.', target.context, held_keys;
  exception
    -- the next step may find it otherwise
    when transaction_rollback or lock_not_available or insufficient_resources
      or operator_intervention or system_error
    then
      raise;
    -- A row that does not decrypt, or that a constraint, a trigger or the index function refuses,
    -- stops no other.
    when assert_failure or others then
      foreach held_key in array held_keys loop
        begin
          execute rewrite using target.context || '.', target.context, array[held_key];
        exception
          when transaction_rollback or lock_not_available or insufficient_resources
            or operator_intervention or system_error
          then
            raise;
          when assert_failure or others then
            failed := failed || held_key;
            reason := sqlerrm;
        end;
      end loop;
  end;
  if cardinality(failed) > 0 then
    target.failed_keys := (target.failed_keys || failed)[:100];
    perform ops.log('error', 'private.reencrypt_chunk', 'Values could not be encrypted anew.',
      jsonb_build_object(
        'relation', target.relation, 'column', target.column_name, 'keys', to_jsonb(failed[:100]),
        'reason', reason
      ));
  end if;

  target.has_skipped := target.has_skipped or stale_rows > cardinality(held_keys);
  if last_key is not null then
    update private.encrypted_columns
    set
      pass_versions = versions,
      position = last_key,
      has_skipped = target.has_skipped,
      failed_keys = target.failed_keys
    where encrypted_columns.relation = target.relation
      and encrypted_columns.column_name = target.column_name;
    return true;
  end if;
  -- the end of a pass: rows that somebody held, or that did not decrypt, take another one later
  update private.encrypted_columns
  set
    pass_versions = case
      when target.has_skipped or target.failed_keys <> '{}' then null
      else versions
    end,
    position = null,
    has_skipped = target.has_skipped,
    failed_keys = target.failed_keys,
    failed_at = case when target.failed_keys <> '{}' then now() end,
    reindexes = target.reindexes and (target.has_skipped or target.failed_keys <> '{}'),
    done_versions = case
      when target.has_skipped or target.failed_keys <> '{}' then encrypted_columns.done_versions
      else versions
    end
  where encrypted_columns.relation = target.relation
    and encrypted_columns.column_name = target.column_name;
  return not target.has_skipped or target.failed_keys <> '{}';
end;
$$;

comment on function private.reencrypt_chunk(int) is
  'Reads the next rows of a registered column and encrypts those of older versions anew, together '
  'with their blind index. Parameter: rows to read. Returns true while there is more to do now. It '
  'waits for no row: those that others hold come in another pass. A row that does not decrypt, or '
  'that a constraint, a trigger or the index function refuses, is noted in '
  'private.encrypted_columns.failed_keys and in the log, and tried again after '
  'ops.reencrypt_retry_minutes; its version can not be retired. Errors that pass by themselves, '
  'such as a deadlock or a lock_timeout, leave, and the step is repeated.';

create function private.retire_key(purpose text, version int)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  retired private.keys;
  used record;
  is_used boolean;
begin
  lock table private.keys in share row exclusive mode;
  select keys.* into retired
  from private.keys
  where keys.purpose = retire_key.purpose and keys.version = retire_key.version;
  if retired.secret is null then
    perform private.fail('PL080', retire_key.purpose, retire_key.version::text);
  end if;
  if retired.replaced_at is null then
    perform private.fail('PL083', retire_key.version::text, retire_key.purpose, 'it is active');
  end if;
  if not private.key_is_quiet(retire_key.purpose, retire_key.version) then
    perform private.fail('PL083', retire_key.version::text, retire_key.purpose,
      'a transaction that used it still runs');
  end if;

  for used in
    select
      encrypted_columns.relation,
      case retire_key.purpose
        when 'encryption' then encrypted_columns.column_name
        when 'blind_index' then encrypted_columns.index_column
      end as name
    from private.encrypted_columns
    join pg_catalog.pg_class on pg_class.oid = encrypted_columns.relation
  loop
    continue when used.name is null;
    execute format('select exists (select from %s where %I like $1)', used.relation, used.name)
      into is_used
      using format('v%s.%%', retire_key.version);
    if is_used then
      perform private.fail('PL083', retire_key.version::text, retire_key.purpose,
        format('%s.%s holds values of it', used.relation, used.name));
    end if;
  end loop;

  update private.keys
  set secret = null, retired_at = now()
  where keys.purpose = retire_key.purpose and keys.version = retire_key.version;
  if retired.in_vault and private.vault_schema() is not null then
    execute format('delete from %s.secrets where name = $1', private.vault_schema())
      using format('plinth_%s_%s', retire_key.purpose, retire_key.version);
  end if;
end;
$$;

comment on function private.retire_key(text, int) is
  'Destroys the secret of a key version. What it encrypted outside of registered columns is lost, '
  'and its signatures no longer verify. Raises PL080 when there is no such version, PL083 while it '
  'is active, a running transaction used it, or a registered column holds values of it.';

create function ops.reencrypt_columns()
returns boolean
language sql
volatile
security invoker
set search_path = ''
as $$
  select private.reencrypt_chunk(ops.setting('ops.reencrypt_rows')::int);
$$;

comment on function ops.reencrypt_columns() is
  'Topic of the executor: one chunk of rows under the active keys. Returns true while more waits.';

select ops.define_setting('ops.reencrypt_retry_minutes', '60',
  'Minutes after which rows that did not decrypt are tried again.', 1, 10080);
select ops.define_setting('ops.reencrypt_rows', '500',
  'Rows that a step of a key rotation reads, and locks while it encrypts them anew.', 1, 100000);

alter table private.encrypted_columns enable row level security;

select ops.define_topic('reencrypt-columns', 'ops.reencrypt_columns', interval '1 minute');
