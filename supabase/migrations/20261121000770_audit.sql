-- What changed, when, by whom and from where, for any table handed to audit.enable(). Triggers fire
-- once a statement and log all its rows by one insert; the function behind them is written for its
-- table, because reading the catalogs at each write would cost more than the write.

create schema audit;

comment on schema audit is
  'The trail of changes. Only triggers write it; days are sealed once they are complete.';

select private.define_error('PL060', 400, '%s can not be audited: it is %s.',
  'Audit a plain table, or the root of a partitioned one, that is not of the audit itself.');
select private.define_error('PL061', 400, '%s can not be audited: it has no primary key.',
  'Give the table a primary key, by which the changes of a row are found.');
select private.define_error('PL062', 400, '%s can not be redacted in %s.',
  'Name columns of the table, without those of its primary key, which the trail finds rows by.');
select private.define_error('PL063', 400, '%s is not audited.',
  'Call audit.enable() first; ops.audit_gaps names what escapes the audit.');
select private.define_error('PL064', 400, 'The key of %s takes %s.',
  'Send an object with each column of the primary key, as in {"id": 1}.');
select private.define_error('PL065', 400, 'What %s held then is not known: its trail begins at %s.',
  'Ask for a later time.');
select private.define_error('PL066', 400, '%s of %s is refused: what is logged stays as it is.',
  'Rows leave by the retention of whole partitions only.');

select ops.define_setting('audit.api_logins', '["authenticator", "lite_server"]',
  'Login roles of the API. In their sessions alone a claim tells who acts.');
select ops.define_setting('audit.trusted_proxy_hops', '1',
  'Which address of X-Forwarded-For, counted from its end, the outermost trusted proxy wrote; '
  '0 trusts none.', 0, 20);
select ops.define_setting('audit.claimed_size_maximum', '500',
  'Longest text kept of each thing that a client says of itself, in characters.', 0, 10000);

create table audit.targets (
  id int generated always as identity primary key,
  relation regclass not null,
  title text not null,
  redact text[] not null,
  redacted_places int[] not null,
  known_columns text[] not null,
  is_enabled boolean not null default true,
  enabled_at timestamptz not null,
  constraint targets_relation_key unique (relation)
);

comment on table audit.targets is
  'Tables that are or were audited. A row stays when its table is gone: the trail refers to it.';
comment on column audit.targets.relation is 'The table; its bare oid once it is dropped.';
comment on column audit.targets.title is 'Name with schema when the audit was last enabled.';
comment on column audit.targets.redact is 'Columns whose values never enter the trail.';
comment on column audit.targets.redacted_places is
  'Their numbers in the table (attnum), in the same order: a column that is renamed stays '
  'redacted.';
comment on column audit.targets.known_columns is
  'Columns when the audit was last enabled. When a redacted one is gone, it may have been renamed: '
  'then every column that is not known here is redacted too.';
comment on column audit.targets.enabled_at is 'Since when no change has been missed.';

create table audit.audit_logs (
  id bigint generated always as identity,
  logged_at timestamptz not null,
  target_id int not null,
  operation text not null,
  row_key text,
  changed_fields text[],
  old_values jsonb,
  new_values jsonb,
  transaction_id xid8 not null default pg_current_xact_id(),
  actor_id uuid,
  actor_role text not null,
  login_role text not null,
  address inet,
  claimed jsonb
)
partition by range (logged_at);

-- The log is read by time, and the rows of a time lie together. A row's history is the one other
-- question. Its index takes the beginning of the key, for keys of any length, and keeps the order
-- of keys: a hash of it would spread the rows of one statement over as many pages as there are rows.
create index audit_logs_logged_at_idx on audit.audit_logs
  using brin (logged_at) with (autosummarize = on);
create index audit_logs_row_idx on audit.audit_logs (target_id, left(row_key, 100) collate "C");

comment on table audit.audit_logs is
  'One row for each changed row of an audited table, by months of logged_at. Nobody has a right to '
  'write here but the triggers, which run as the owner. There is no primary key and no check: what '
  'no question needs would slow each write. There is no foreign key: rows outlive what they tell '
  'of.';
comment on column audit.audit_logs.id is
  'Order in which statements ended. A change that a trigger of the table made in it comes before '
  'the statement that set it off; audit.as_of() knows.';
comment on column audit.audit_logs.logged_at is
  'End of the statement, by the clock; its transaction may have committed later.';
comment on column audit.audit_logs.target_id is 'The table, in audit.targets.';
comment on column audit.audit_logs.operation is
  'INSERT, UPDATE, DELETE, TRUNCATE (a row each), or ENABLE and DISABLE of the audit itself. An '
  'update of the key is a DELETE and an INSERT.';
comment on column audit.audit_logs.row_key is
  'The primary key as text, several columns as a record; null when the table had lost its key.';
comment on column audit.audit_logs.changed_fields is 'Names of the columns that an UPDATE changed.';
comment on column audit.audit_logs.old_values is
  'The row before; of an UPDATE its changed columns only. A redacted value is "[redacted]".';
comment on column audit.audit_logs.new_values is 'The row after, in the same way.';
comment on column audit.audit_logs.actor_id is
  'The user, from a token that the API checked; null for all others.';
comment on column audit.audit_logs.actor_role is 'Role that the statement was sent as.';
comment on column audit.audit_logs.login_role is 'Role that the session logged in as.';
comment on column audit.audit_logs.address is
  'The client, from the trusted proxy for a request of the API, else of the connection; null when '
  'it is not known.';
comment on column audit.audit_logs.claimed is
  'What the client says of itself, cut and not checked: user agent, request id, forwarded for, and '
  'claims in a session that is not of the API.';

create type audit.origin as (
  actor_id uuid,
  actor_role text,
  login_role text,
  address inet,
  claimed jsonb
);

comment on type audit.origin is 'Who acts and from where, as columns of audit.audit_logs.';

create function audit.json_object(document text)
returns jsonb
language plpgsql
immutable
parallel safe
security invoker
set search_path = ''
as $$
begin
  return case when jsonb_typeof(document::jsonb) = 'object' then document::jsonb end;
exception
  -- no JSON, or too deep: a write must not fail by what its client sent along
  when data_exception or program_limit_exceeded then
    return null;
end;
$$;

comment on function audit.json_object(text) is
  'The text as a JSON object; null when it is none.';

create function audit.forwarded_address(forwarded_for text, hops int)
returns inet
language plpgsql
immutable
parallel safe
security invoker
set search_path = ''
as $$
declare
  -- proxies append: what lies before the entry of the outermost trusted one, the client wrote
  entry text := btrim((string_to_array(forwarded_for, ','))[
    cardinality(string_to_array(forwarded_for, ',')) + 1 - nullif(hops, 0)
  ]);
begin
  if entry ~ '^[0-9a-fA-F.:]{2,45}$' then
    return entry::inet;
  end if;
  return null;
exception
  when data_exception then
    return null;
end;
$$;

comment on function audit.forwarded_address(text, int) is
  'The address in X-Forwarded-For that stands hops from its end; null when there is none, or when '
  'it is no address.';

create function audit.current_origin()
returns audit.origin
language plpgsql
stable
security invoker
set search_path = ''
as $$
declare
  claims_text text := nullif(current_setting('request.jwt.claims', true), '');
  headers_text text := nullif(current_setting('request.headers', true), '');
  claims jsonb;
  headers jsonb;
  size int;
  is_api boolean;
  origin audit.origin;
begin
  origin.login_role := session_user;
  origin.actor_role := coalesce(nullif(current_setting('role'), 'none'), session_user);
  if claims_text is null and headers_text is null then
    origin.address := inet_client_addr();
    return origin;
  end if;

  claims := audit.json_object(claims_text);
  headers := audit.json_object(headers_text);
  size := ops.setting('audit.claimed_size_maximum')::int;
  is_api := ops.setting('audit.api_logins') ? session_user;
  if is_api then
    origin.address := audit.forwarded_address(
      headers ->> 'x-forwarded-for', ops.setting('audit.trusted_proxy_hops')::int
    );
    if claims ->> 'sub' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
      origin.actor_id := (claims ->> 'sub')::uuid;
    end if;
  else
    origin.address := inet_client_addr();
  end if;
  origin.claimed := nullif(
    jsonb_strip_nulls(jsonb_build_object(
      'user_agent', left(headers ->> 'user-agent', size),
      'request_id', left(headers ->> 'x-request-id', size),
      'forwarded_for', left(headers ->> 'x-forwarded-for', size),
      'session_id', left(claims ->> 'session_id', size),
      'claims', case when not is_api or claims is null then left(claims_text, size) end
    )),
    '{}'
  );
  return origin;
end;
$$;

comment on function audit.current_origin() is
  'Who acts in this session and from where. Never fails by what a client sent.';

create function audit.columns_of(relation regclass)
returns table (
  name text,
  place int,
  key_place int,
  is_plain boolean,
  has_one_text boolean,
  is_exact boolean
)
language sql
stable
security invoker
set search_path = ''
as $$
  select
    pg_attribute.attname::text,
    pg_attribute.attnum::int,
    array_position(
      (pg_index.indkey::int2[])[0:pg_index.indnkeyatts - 1], pg_attribute.attnum
    ),
    pg_attribute.atttypid in (
      'bool'::regtype, 'int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'oid'::regtype,
      'text'::regtype, 'varchar'::regtype, 'uuid'::regtype, 'bytea'::regtype, 'date'::regtype,
      'timestamp'::regtype, 'timestamptz'::regtype
    )
    and coalesce(pg_collation.collisdeterministic, true),
    pg_attribute.atttypid in (
      'bool'::regtype, 'int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'oid'::regtype,
      'text'::regtype, 'varchar'::regtype, 'uuid'::regtype
    ),
    pg_attribute.atttypid in (
      'bool'::regtype, 'int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'oid'::regtype,
      'text'::regtype, 'varchar'::regtype, 'uuid'::regtype, 'bytea'::regtype, 'date'::regtype,
      'timestamp'::regtype, 'timestamptz'::regtype, 'numeric'::regtype, 'jsonb'::regtype,
      'inet'::regtype, 'text[]'::regtype, 'uuid[]'::regtype, 'int4[]'::regtype, 'int8[]'::regtype
    )
  from pg_catalog.pg_attribute
  left join pg_catalog.pg_collation on pg_collation.oid = pg_attribute.attcollation
  left join pg_catalog.pg_index
    on pg_index.indrelid = pg_attribute.attrelid and pg_index.indisprimary
  where pg_attribute.attrelid = columns_of.relation
    and pg_attribute.attnum > 0
    and not pg_attribute.attisdropped;
$$;

comment on function audit.columns_of(regclass) is
  'Columns of a table as the audit needs them: place in the table and in the primary key (null '
  'outside it), whether = of the type tells each change, and whether a value has one text in all '
  'sessions. Types that have no =, or one that takes 1.0 for 1.00, are compared byte by byte.';

create function audit.redacted_columns(target audit.targets)
returns text[]
language sql
stable
security invoker
set search_path = ''
as $$
  select array(
    select columns.name
    from audit.columns_of(target.relation) as columns
    where columns.name = any (target.redact) or columns.place = any (target.redacted_places)
    order by columns.place
  );
$$;

comment on function audit.redacted_columns(audit.targets) is
  'Columns of a target whose values must not enter the log: those that were named, under whatever '
  'name they have by now, and those that have such a name now.';

create function audit.is_changed_repeatedly(relation regclass)
returns boolean
language sql
stable
security invoker
set search_path = ''
as $$
  select count(*) > 1 or coalesce(bool_or(pg_constraint.confrelid = pg_constraint.conrelid), false)
  from pg_catalog.pg_constraint
  where pg_constraint.conrelid = is_changed_repeatedly.relation
    and pg_constraint.contype = 'f'
    and (pg_constraint.confupdtype in ('c', 'n', 'd') or pg_constraint.confdeltype in ('n', 'd'));
$$;

comment on function audit.is_changed_repeatedly(regclass) is
  'Whether one statement can change a row of a table several times: by two foreign keys that it '
  'sets off, or by one that points into the table itself. All these changes are in one pair of '
  'transition tables.';

-- One text serves both ways: as static SQL in the function that is written for a table, and run by
-- EXECUTE while that function is older than the table. A column may be named like an alias or a
-- variable, hence o.* for the row, and variables that are qualified by their block.
create function audit.capture_statement(
  target_id int,
  operation text,
  origin text default '$1, $2, $3, $4, $5, $6'
)
returns text
language plpgsql
stable
security invoker
set search_path = ''
as $$
declare
  target audit.targets;
  names text[];
  redacted text[];
  key_size int;
  first_key text;
  key_names text;
  changed_order text := '';
  place text := 'audit_place';
  old_key text;
  new_key text;
  is_same_row text;
  comparisons text;
  changed_names text;
  changed_fields text;
  any_changed text;
  old_row text := 'to_jsonb(o.*)';
  new_row text := 'to_jsonb(n.*)';
  has_old text := '(o.*)::text is not null';
  has_new text := '(n.*)::text is not null';
  old_rows text := 'old_rows';
  new_rows text := 'new_rows';
begin
  select targets.* into strict target
  from audit.targets
  where targets.id = capture_statement.target_id;

  select
    array_agg(columns.name order by columns.place),
    count(columns.key_place),
    min(columns.name) filter (where columns.key_place = 1),
    string_agg(format('%I', columns.name), ', ' order by columns.key_place)
      filter (where columns.key_place is not null),
    string_agg(format('o.%I', columns.name), ', ' order by columns.key_place)
      filter (where columns.key_place is not null),
    string_agg(format('n.%I', columns.name), ', ' order by columns.key_place)
      filter (where columns.key_place is not null),
    string_agg(
      format(
        case when columns.is_plain then 'o.%1$I = n.%1$I' else 'o.%1$I::text = n.%1$I::text' end,
        columns.name
      ),
      ' and ' order by columns.key_place
    ) filter (where columns.key_place is not null),
    string_agg(
      format(
        case
          when columns.is_plain then 'o.%1$I is distinct from n.%1$I as d%2$s'
          else 'record_image_ne(row(o.%1$I), row(n.%1$I)) as d%2$s'
        end,
        columns.name, columns.place
      ),
      e',\n        ' order by columns.place
    ),
    string_agg(
      format('case when pair.d%s then %L end', columns.place, columns.name), e',\n        '
      order by columns.place
    ),
    -- @row@ stands for the row, old or new
    string_agg(
      format(
        'case when pair.d%s then %L || coalesce(to_json(@row@.%I)::text, ''null'') end',
        columns.place, to_json(columns.name)::text || ':', columns.name
      ),
      e',\n        ' order by columns.place
    ),
    string_agg(format('pair.d%s', columns.place), ' or ' order by columns.place)
  into
    names, key_size, first_key, key_names, old_key, new_key, is_same_row, comparisons,
    changed_names,
    changed_fields, any_changed
  from audit.columns_of(target.relation) as columns;

  if key_size = 0 then
    -- a row is known by its whole text then, and an update is a delete and an insert
    is_same_row := '(o.*)::text = (n.*)::text';
    old_key := 'null';
    new_key := 'null';
  else
    -- a column of the key is never null where the row is there
    has_old := format('o.%I is not null', first_key);
    has_new := format('n.%I is not null', first_key);
    old_key := case when key_size = 1 then old_key else format('row(%s)', old_key) end || '::text';
    new_key := case when key_size = 1 then new_key else format('row(%s)', new_key) end || '::text';
  end if;

  if operation = 'UPDATE' then
    changed_fields := format(
      'case when pair.is_update then (''{'' || array_to_string(array[%s], '','') || ''}'')::jsonb '
      'else to_jsonb(@row@.*) end',
      changed_fields
    );
    if key_size > 0 and audit.is_changed_repeatedly(target.relation) then
      -- both tables are in the order of the changes, so that the first old row of a key belongs to
      -- its first new row
      while place = any (names) or place || '_of_key' = any (names) loop
        place := place || '_';
      end loop;
      old_rows := format(
        '(select row_number() over (partition by %1$s order by %2$I) as %3$I, placed.* '
        'from (select row_number() over () as %2$I, @row@.* from @row@) as placed)',
        key_names, place, place || '_of_key'
      );
      new_rows := replace(old_rows, '@row@', 'new_rows');
      old_rows := replace(old_rows, '@row@', 'old_rows');
      is_same_row := format('o.%1$I = n.%1$I and %2$s', place || '_of_key', is_same_row);
      changed_order := format('order by coalesce(n.%1$I, o.%1$I)', place);
      changed_fields := replace(
        changed_fields, 'to_jsonb(@row@.*)',
        format('to_jsonb(@row@.*) - %L::text[]', array[place, place || '_of_key'])
      );
    end if;
    old_row := replace(changed_fields, '@row@.', 'o.');
    new_row := replace(changed_fields, '@row@.', 'n.');
  end if;
  redacted := audit.redacted_columns(target);
  if not target.redact <@ names then
    redacted := redacted
      || array(select unnest(names) except select unnest(target.known_columns));
  end if;
  for i in 1..cardinality(redacted) loop
    old_row := format('jsonb_set(%s, array[%L], ''"[redacted]"'', false)', old_row, redacted[i]);
    new_row := format('jsonb_set(%s, array[%L], ''"[redacted]"'', false)', new_row, redacted[i]);
  end loop;

  return format(
    $statement$
    insert into audit.audit_logs (
      target_id, operation, row_key, changed_fields, old_values, new_values,
      logged_at, actor_id, actor_role, login_role, address, claimed
    )
    select
      %1$s, %2$s,
      %3$s
    from %4$s$statement$,
    target.id,
    case operation
      when 'INSERT' then format('%L, %s, null, null, %s', operation, new_key, new_row)
      when 'UPDATE' then format(
        $values$
      case when pair.is_update then 'UPDATE' when %1$s then 'INSERT' else 'DELETE' end,
      case when %1$s then %3$s else %2$s end,
      case when pair.is_update then array_remove(array[
        %4$s
      ], null) end,
      %5$s,
      %6$s$values$,
        has_new, old_key, new_key, changed_names, old_row, new_row
      )
      else format('%L, %s, null, %s, null', operation, old_key, old_row)
    end,
    origin,
    case operation
      when 'INSERT' then 'new_rows as n'
      -- a full join is never a nested loop, however few rows the plan was made for; offset 0 keeps
      -- the comparisons from being repeated at each use
      when 'UPDATE' then format(
        $rows$%6$s as o
    full join %7$s as n on %1$s
    cross join lateral (
      select
        %2$s and %3$s as is_update,
        %4$s
      offset 0
    ) as pair
    where not pair.is_update or %5$s
    %8$s$rows$,
        is_same_row, has_old, has_new, comparisons, any_changed, old_rows, new_rows, changed_order
      )
      when 'DELETE' then 'old_rows as o'
      else format('%s as o', target.relation)
    end
  );
end;
$$;

comment on function audit.capture_statement(int, text, text) is
  'The insert that logs one statement on a target, from the catalogs as they are. Parameters: the '
  'target; the operation as in TG_OP; how the statement''s time, actor id, actor role, login role, '
  'address and claims are called in it.';

create function audit.capture_source(target_id int)
returns text
language sql
stable
security invoker
set search_path = ''
as $$
  select format(
    $source$
<<capture>>
declare
  moment timestamptz := clock_timestamp();
  actor_id uuid;
  actor_role text;
  login_role text := session_user;
  address inet;
  claimed jsonb;
begin
  -- as in audit.current_origin(), whose call would cost as much as the rest
  if current_setting('request.jwt.claims', true) <> ''
    or current_setting('request.headers', true) <> ''
  then
    select origin.actor_id, origin.actor_role, origin.address, origin.claimed
    into actor_id, actor_role, address, claimed
    from audit.current_origin() as origin;
  else
    actor_role := coalesce(nullif(current_setting('role'), 'none'), session_user);
    address := inet_client_addr();
  end if;
%7$s
  -- a table that has changed since this was written is logged by what the catalogs say now
  if tg_op = 'INSERT' and %2$s then%4$s;
  elsif tg_op = 'DELETE' and %2$s then%5$s;
  elsif tg_op = 'UPDATE' and %3$s
    and audit.is_changed_repeatedly(tg_relid) = %8$L
  then%6$s;
  else
    -- its text comes from the catalogs alone
    -- @plpgsql_check_options: security_warnings = off
    execute audit.capture_statement(%1$s, tg_op)
    using moment, actor_id, actor_role, login_role, address, claimed;
  end if;
  return null;
end;
$source$,
    targets.id,
    -- an insert or a delete names the columns of the key only, and those it redacts; to ask for the
    -- key costs a third of asking for all columns
    case when targets.redact = '{}' then known.key else known.columns end,
    known.columns,
    audit.capture_statement(targets.id, 'INSERT', known.origin),
    audit.capture_statement(targets.id, 'DELETE', known.origin),
    audit.capture_statement(targets.id, 'UPDATE', known.origin),
    -- Most updates are of one row. What a long expression costs to set up pays for many rows only,
    -- so they take a way that names no column but those of the key, where JSON tells all values.
    case when targets.redact = '{}' and known.is_exact and known.is_same_row is not null then
      format(
      $one$
  if tg_op = 'UPDATE' and %1$s then
    insert into audit.audit_logs (
      target_id, operation, row_key, changed_fields, old_values, new_values,
      logged_at, actor_id, actor_role, login_role, address, claimed
    )
    select
      %4$s, 'UPDATE', pair.row_key, fields.changed,
      pair.old_row - fields.unchanged, pair.new_row - fields.unchanged, %5$s
    from (
      select %3$s as row_key, to_jsonb(o.*) as old_row, to_jsonb(n.*) as new_row
      from old_rows as o
      cross join new_rows as n
      where %2$s and not exists (select from new_rows offset 1)
      offset 0
    ) as pair
    cross join lateral (
      select
        array_agg(field.name) filter (where field.is_same) as unchanged,
        array_agg(field.name) filter (where not field.is_same) as changed
      from (
        -- both have the same names in the same order; as text, because for jsonb 1.0 is 1.00
        select both_sides.name, both_sides.new_value::text = both_sides.old_value::text as is_same
        from rows from (jsonb_each(pair.old_row), jsonb_each(pair.new_row))
          as both_sides (old_name, old_value, name, new_value)
      ) as field
    ) as fields
    where fields.changed is not null;
    -- else there are more rows, or nothing has changed
    if found then
      return null;
    end if;
  end if;
$one$,
      known.key, known.is_same_row, known.row_key, targets.id, known.origin
    ) end,
    audit.is_changed_repeatedly(targets.relation)
  )
  from audit.targets
  cross join lateral (
    select
      'capture.moment, capture.actor_id, capture.actor_role, capture.login_role, '
      'capture.address, capture.claimed' as origin,
      format(
        $columns$array(
    select attname || ' ' || atttypid
    from pg_catalog.pg_attribute
    where attrelid = tg_relid and attnum > 0
    order by attnum
  ) = %L$columns$,
        array(
          select pg_attribute.attname || ' ' || pg_attribute.atttypid
          from pg_catalog.pg_attribute
          where pg_attribute.attrelid = targets.relation and pg_attribute.attnum > 0
          order by pg_attribute.attnum
        )
      ) as columns,
      coalesce(
        (
          select string_agg(
            format(
              'pg_get_indexdef(%s, %s, false) = %L',
              pg_index.indexrelid, place, pg_get_indexdef(pg_index.indexrelid, place, false)
            ),
            ' and '
          )
          from pg_catalog.pg_index
          cross join generate_series(1, pg_index.indnkeyatts) as place
          where pg_index.indrelid = targets.relation and pg_index.indisprimary
        ),
        'true'
      ) as key,
      keys.is_same_row,
      keys.row_key,
      keys.is_exact
    from (
      select
        string_agg(
          format(
            case
              when columns.is_plain then 'o.%1$I = n.%1$I'
              else 'o.%1$I::text = n.%1$I::text'
            end,
            columns.name
          ),
          ' and '
        ) filter (where columns.key_place is not null) as is_same_row,
        format(
          case count(columns.key_place) when 1 then '%s::text' else 'row(%s)::text' end,
          string_agg(format('n.%I', columns.name), ', ' order by columns.key_place)
            filter (where columns.key_place is not null)
        ) as row_key,
        bool_and(columns.is_exact) as is_exact
      from audit.columns_of(targets.relation) as columns
    ) as keys
  ) as known
  where targets.id = capture_source.target_id;
$$;

comment on function audit.capture_source(int) is
  'The body of the trigger function audit.capture_<target>, for the table as it is now.';

create function audit.write_capture(target_id int)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  -- as in audit.row_key(): the text of such a key, and of a float, must not depend on the session
  -- that writes. It costs each statement some time, so the usual tables do without
  pinned text := (
    select
      'set timezone = ''UTC'' set datestyle = ''ISO'' set intervalstyle = ''postgres'' '
      'set extra_float_digits = 1 set bytea_output = ''hex'''
    from audit.targets
    cross join lateral audit.columns_of(targets.relation) as columns
    where targets.id = write_capture.target_id
    having bool_or(
      not columns.is_exact or (columns.key_place is not null and not columns.has_one_text)
    )
  );
begin
  -- definer: whoever may write the table may not write the log
  execute format(
    'create or replace function audit.capture_%s() returns trigger language plpgsql volatile '
    'security definer set search_path = '''' %s as %L',
    target_id, pinned, audit.capture_source(target_id)
  );
  execute format(
    'comment on function audit.capture_%s() is %L',
    target_id,
    format(
      'Trigger function, after each statement on %s: logs its rows. Written by audit.enable().',
      (select targets.title from audit.targets where targets.id = write_capture.target_id)
    )
  );
end;
$$;

comment on function audit.write_capture(int) is
  'Writes the trigger function of a target anew. Takes no lock on the table.';

create function audit.log_switch(
  target_id int,
  operation text,
  old_values jsonb,
  new_values jsonb
)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  insert into audit.audit_logs (
    logged_at, target_id, operation, old_values, new_values,
    actor_id, actor_role, login_role, address, claimed
  )
  select
    clock_timestamp(), log_switch.target_id, log_switch.operation, log_switch.old_values,
    log_switch.new_values, origin.*
  from audit.current_origin() as origin;
$$;

comment on function audit.log_switch(int, text, jsonb, jsonb) is
  'Logs that the audit of a target was enabled or disabled, and how it was set before and after.';

create function audit.enable(
  target regclass,
  redact text[] default null
)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  relation pg_catalog.pg_class;
  table_title text;
  refusal text;
  redacted text[];
  names text[];
  fit text[];
  previous audit.targets;
  enabled_id int;
  prefix text;
  event text;
begin
  select pg_class.* into strict relation from pg_catalog.pg_class where pg_class.oid = target;
  table_title := format('%I.%I', relation.relnamespace::regnamespace, relation.relname);
  refusal := case
    when relation.relispartition then 'a partition; the triggers of its root see its rows'
    when relation.relkind = 'f' then 'a foreign table'
    when relation.relkind not in ('r', 'p') then 'no table'
    when relation.relpersistence = 't' then 'a temporary table'
    when relation.relnamespace = 'audit'::regnamespace then 'a table of the audit'
  end;
  if refusal is not null then
    perform private.fail('PL060', table_title, refusal);
  end if;

  -- whoever wrote before has committed now, so that from here on nothing is missed
  execute format('lock table only %s in share row exclusive mode', target);

  select
    array_agg(columns.name order by columns.place),
    array_agg(columns.name) filter (where columns.key_place is null)
  into names, fit
  from audit.columns_of(target) as columns;
  if cardinality(fit) = cardinality(names) then
    perform private.fail('PL061', table_title);
  end if;
  select targets.* into previous from audit.targets where targets.relation = target;
  redacted := coalesce(
    redact,
    -- as before, under the names of now
    audit.redacted_columns(previous) || array(
      select given.name
      from unnest(previous.redact, previous.redacted_places) as given (name, place)
      where given.place not in (select columns.place from audit.columns_of(target) as columns)
    ),
    '{}'
  );
  if not redacted <@ coalesce(fit, '{}') then
    perform private.fail('PL062', array_to_string(redacted, ', '), table_title);
  end if;

  insert into audit.targets (
    relation, title, redact, redacted_places, known_columns, enabled_at
  )
  select
    target, table_title, redacted,
    array(
      select columns.place
      from unnest(redacted) with ordinality as given (name, position)
      join audit.columns_of(target) as columns on columns.name = given.name
      order by given.position
    ),
    names, clock_timestamp()
  on conflict on constraint targets_relation_key do update
  set
    title = excluded.title,
    redact = excluded.redact,
    redacted_places = excluded.redacted_places,
    known_columns = excluded.known_columns,
    enabled_at = case
      when targets.is_enabled then targets.enabled_at
      else excluded.enabled_at
    end,
    is_enabled = true
  returning targets.id into enabled_id;

  perform audit.write_capture(enabled_id);
  prefix := case when octet_length(relation.relname) < 48 then relation.relname || '_' else '' end;
  foreach event in array array['insert', 'update', 'delete', 'truncate'] loop
    execute format(
      'create or replace trigger %I %s %s on %s %s for each statement '
      'execute function audit.capture_%s()',
      prefix || 'audit_' || event,
      -- before a truncate the rows are still there to be logged
      case event when 'truncate' then 'before' else 'after' end,
      event,
      target,
      case event
        when 'insert' then 'referencing new table as new_rows'
        when 'update' then 'referencing old table as old_rows new table as new_rows'
        when 'delete' then 'referencing old table as old_rows'
        else ''
      end,
      enabled_id
    );
    -- always: session_replication_role, which postgres may set, switches off the others
    execute format(
      'alter table %s enable always trigger %I', target, prefix || 'audit_' || event
    );
  end loop;

  perform audit.log_switch(
    enabled_id,
    'ENABLE',
    case when previous.is_enabled then jsonb_build_object('redact', previous.redact) end,
    jsonb_build_object('relation', table_title, 'redact', redacted, 'columns', names)
  );
end;
$$;

comment on function audit.enable(regclass, text[]) is
  'Audits a table from now on: one row of audit.audit_logs for each row that is inserted, updated, '
  'deleted or truncated. Parameters: the table, or the root of a partitioned one; columns whose '
  'values never enter the log (null: as before, none at first). Call it again to change the '
  'redaction. Waits for the writers of the table, and they for it. Raises PL060 for what can not '
  'be audited, PL061 without a primary key, PL062 for columns that can not be redacted.';

create function audit.disable(target regclass)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  previous audit.targets;
  trigger_name name;
begin
  update audit.targets
  set is_enabled = false
  where targets.relation = target and targets.is_enabled
  returning targets.* into previous;
  if previous.id is null then
    perform private.fail('PL063', target::text);
  end if;

  for trigger_name in
    select pg_trigger.tgname
    from pg_catalog.pg_trigger
    where pg_trigger.tgrelid = target
      and pg_trigger.tgfoid = to_regproc(format('audit.capture_%s', previous.id))
  loop
    execute format('drop trigger %I on %s', trigger_name, target);
  end loop;
  execute format('drop function if exists audit.capture_%s()', previous.id);

  perform audit.log_switch(
    previous.id,
    'DISABLE',
    jsonb_build_object('relation', previous.title, 'redact', previous.redact),
    null
  );
end;
$$;

comment on function audit.disable(regclass) is
  'Ends the audit of a table; what is logged stays. A table that is gone is named by its oid, as '
  'in 16423::regclass. Raises PL063 when the table is not audited.';

create function audit.refresh()
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  stale_id int;
begin
  -- two at once would write the same function
  if pg_try_advisory_xact_lock(hashtextextended('audit.refresh', 0)) then
    for stale_id in
      select targets.id
      from audit.targets
      join pg_catalog.pg_class on pg_class.oid = targets.relation
      join pg_catalog.pg_proc
        on pg_proc.oid = to_regproc(format('audit.capture_%s', targets.id))
      where targets.is_enabled and pg_proc.prosrc <> audit.capture_source(targets.id)
    loop
      perform audit.write_capture(stale_id);
    end loop;
  end if;
  return false;
end;
$$;

comment on function audit.refresh() is
  'Topic of the executor: writes the trigger functions anew that are older than their table. Until '
  'then such a table is logged rightly, but more slowly. Returns false: it leaves no work.';

create function audit.refuse_change()
returns trigger
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  perform private.fail('PL066', tg_op, tg_relid::regclass::text);
  return null;
end;
$$;

comment on function audit.refuse_change() is
  'Trigger function, before a statement: raises PL066. It stops a slip of the owner, who alone has '
  'the right; against intent there are the seals.';

create trigger audit_logs_refuse_change
  before update or delete or truncate on audit.audit_logs
  for each statement execute function audit.refuse_change();

-- session_replication_role, which postgres may set, must not open the log
alter table audit.audit_logs enable always trigger audit_logs_refuse_change;

create function audit.row_key(
  target regclass,
  key jsonb
)
returns text
language plpgsql
stable
security invoker
set search_path = ''
set timezone = 'UTC'
set datestyle = 'ISO'
set intervalstyle = 'postgres'
set extra_float_digits = 1
set bytea_output = 'hex'
as $$
declare
  names text[];
  columns text;
  found_key text;
begin
  select
    array_agg(columns_of.name order by columns_of.key_place),
    string_agg(format('k.%I', columns_of.name), ', ' order by columns_of.key_place)
  into names, columns
  from audit.columns_of(target)
  where columns_of.key_place is not null;

  if not coalesce(key ?& names, false) then
    perform private.fail('PL064', target::text, coalesce(array_to_string(names, ', '), 'no key'));
  end if;
  execute format(
    'select %s::text from jsonb_populate_record(null::%s, $1) as k',
    case when cardinality(names) = 1 then columns else format('row(%s)', columns) end,
    target
  )
  into found_key
  using key;
  return found_key;
end;
$$;

comment on function audit.row_key(regclass, jsonb) is
  'The key of a row as audit.audit_logs.row_key writes it. Raises PL064 when a column of the '
  'primary key is missing.';

create function audit.history(
  target regclass,
  key jsonb
)
returns setof audit.audit_logs
language plpgsql
stable
security invoker
set search_path = ''
as $$
declare
  found_id int := (select targets.id from audit.targets where targets.relation = target);
  found_key text := audit.row_key(target, key);
begin
  if found_id is null then
    perform private.fail('PL063', target::text);
  end if;
  return query
    select audit_logs.*
    from audit.audit_logs
    where audit_logs.target_id = found_id
      and left(audit_logs.row_key, 100) collate "C" = left(found_key, 100)
      and audit_logs.row_key = found_key
    order by audit_logs.id;
end;
$$;

comment on function audit.history(regclass, jsonb) is
  'The changes of one row, oldest first. Parameters: the table; the primary key as an object, as '
  'in {"id": 1}. Raises PL063 when the table was never audited, PL064 for another key.';

create function audit.kept_since()
returns timestamptz
language sql
stable
security invoker
set search_path = ''
as $$
  select max(detached_partitions.upper_bound::timestamptz)
  from ops.detached_partitions
  where detached_partitions.parent = 'audit.audit_logs';
$$;

comment on function audit.kept_since() is
  'End of what the retention has taken from the log; null when it has taken nothing.';

create function audit.undo(state jsonb, changes audit.audit_logs[])
returns jsonb
language plpgsql
immutable
parallel safe
security invoker
set search_path = ''
as $$
declare
  rest audit.audit_logs[] := changes;
  undone int;
  change audit.audit_logs;
begin
  while cardinality(rest) > 0 loop
    -- the one that left the row as it is: the last, but where a trigger of the table changed the
    -- row once more
    undone := 1;
    for place in 1 .. cardinality(rest) loop
      change := rest[place];
      if (
        case change.operation
          when 'INSERT' then state = change.new_values
          when 'UPDATE' then state || change.new_values = state
          else state is null
        end
      ) then
        undone := place;
        exit;
      end if;
    end loop;
    change := rest[undone];
    state := case change.operation
      when 'INSERT' then null
      when 'UPDATE' then state || change.old_values
      else change.old_values
    end;
    rest := rest[:undone - 1] || rest[undone + 1:];
  end loop;
  return state;
end;
$$;

comment on function audit.undo(jsonb, audit.audit_logs[]) is
  'A row before the changes that one transaction made to it. Parameters: the row after them, null '
  'for none; the changes, the last one first.';

create function audit.as_of(
  target regclass,
  key jsonb,
  at timestamptz
)
returns jsonb
language plpgsql
stable -- one snapshot for the row and its log, so that no change falls between the two
security invoker
set search_path = ''
as $$
declare
  audited audit.targets;
  begins_at timestamptz;
  state jsonb;
  changes audit.audit_logs[];
begin
  select targets.* into audited from audit.targets where targets.relation = target;
  -- since a disabled audit the row may have changed unseen
  if not coalesce(audited.is_enabled, false) then
    perform private.fail('PL063', target::text);
  end if;
  begins_at := greatest(audited.enabled_at, audit.kept_since());
  if at is null or at < begins_at then
    perform private.fail('PL065', target::text, begins_at::text);
  end if;

  execute format(
    'select to_jsonb(t.*) from %1$s as t, jsonb_populate_record(null::%1$s, $1) as k where %2$s',
    target,
    (
      -- the operator of the key: that of citext or ltree is not in an empty search_path
      select string_agg(
        format(
          't.%1$I operator(%2$s.%3$s) k.%1$I',
          columns.name, pg_operator.oprnamespace::regnamespace, pg_operator.oprname
        ),
        ' and '
      )
      from audit.columns_of(target) as columns
      join pg_catalog.pg_index on pg_index.indrelid = target and pg_index.indisprimary
      join pg_catalog.pg_opclass on pg_opclass.oid = pg_index.indclass[columns.key_place - 1]
      join pg_catalog.pg_amop
        on pg_amop.amopfamily = pg_opclass.opcfamily
        and pg_amop.amoplefttype = pg_opclass.opcintype
        and pg_amop.amoprighttype = pg_opclass.opcintype
        and pg_amop.amopstrategy = 3
      join pg_catalog.pg_operator on pg_operator.oid = pg_amop.amopopr
    )
  )
  into state
  using key;
  state := state || coalesce(
    (
      select jsonb_object_agg(name, '[redacted]')
      from unnest(audit.redacted_columns(audited)) as name
    ),
    '{}'
  );

  -- back from the row as it is: what was there before the audit began needs no entry
  for changes in
    select array_agg(history order by history.id desc)
    from audit.history(target, key) as history
    where history.logged_at > at
    group by history.transaction_id
    order by max(history.id) desc
  loop
    state := audit.undo(state, changes);
  end loop;
  return state;
end;
$$;

comment on function audit.as_of(regclass, jsonb, timestamptz) is
  'A row as it was at a time, also one that was there before the audit; null when it did not '
  'exist. Parameters: the table; the primary key as an object; the time. Columns have the names '
  'of then where they changed since, a redacted value is "[redacted]". Raises PL063 when the table '
  'is not audited, PL064 for another key, PL065 for a time whose changes are not all logged.';

-- Definer: an operator's dashboard may know what escapes the audit, and read no more of it.
create function audit.gaps()
returns table (
  relation text,
  gap text,
  detail text
)
language sql
stable
security definer
set search_path = ''
as $$
  with audited as (
    select
      targets.*,
      pg_class.oid as found_oid,
      pg_class.relispartition,
      to_regproc(format('audit.capture_%s', targets.id)) as capture,
      array(select columns.name from audit.columns_of(targets.relation) as columns) as names,
      exists (
        select 1
        from audit.columns_of(targets.relation) as columns
        where columns.key_place is not null
      ) as has_key
    from audit.targets
    left join pg_catalog.pg_class on pg_class.oid = targets.relation
    where targets.is_enabled
  ),
  -- a trigger on some columns, with a condition or of another function does not count
  expected as (
    select audited.*, event.name as event, pg_trigger.tgenabled
    from audited
    cross join (values ('insert', 4), ('update', 16), ('delete', 8), ('truncate', 34))
      as event (name, type)
    left join pg_catalog.pg_trigger
      on pg_trigger.tgrelid = audited.relation
      and pg_trigger.tgfoid = audited.capture
      and pg_trigger.tgtype = event.type
      and pg_trigger.tgqual is null
      and cardinality(pg_trigger.tgattr::int2[]) = 0
    where audited.found_oid is not null
  )
  select audited.title, 'table_gone', format('Disable it as %s::regclass.', audited.relation::oid)
  from audited
  where audited.found_oid is null
  union all
  select audited.title, 'is_partition', 'Enable the audit of its root: writes go past its triggers.'
  from audited
  where audited.relispartition
  union all
  select audited.title, 'no_key', 'Its rows have no primary key; updates are logged in two halves.'
  from audited
  where audited.found_oid is not null and not audited.has_key
  union all
  select
    audited.title, 'redacted_column_gone',
    'It is redacted under its new name, and unknown columns are. Name them anew by audit.enable().'
  from audited
  where audited.found_oid is not null
    and (
      not audited.redact <@ audited.names
      or exists (
        select 1
        from audit.columns_of(audited.relation) as columns
        where columns.place = any (audited.redacted_places)
          and columns.name <> all (audited.redact)
      )
    )
  union all
  select audited.title, 'capture_stale', 'Its trigger function is not what audit.refresh() writes.'
  from audited
  left join pg_catalog.pg_proc on pg_proc.oid = audited.capture
  where audited.found_oid is not null
    and (
      pg_proc.prosrc is distinct from audit.capture_source(audited.id)
      or not pg_proc.prosecdef
      or pg_proc.proowner <> (
        select pg_class.relowner
        from pg_catalog.pg_class
        where pg_class.oid = 'audit.audit_logs'::regclass
      )
      or not coalesce('search_path=""' = any (pg_proc.proconfig), false)
    )
  union all
  select expected.title, 'trigger_missing', format('Nothing logs its %s.', expected.event)
  from expected
  where expected.tgenabled is null
  union all
  select
    expected.title, 'trigger_disabled',
    format('The trigger for %s does not fire in each session.', expected.event)
  from expected
  where expected.tgenabled <> 'A'
  union all
  select
    audited.title, 'child_not_audited',
    format('%s inherits from it, and is written past its triggers.', pg_inherits.inhrelid::regclass)
  from audited
  join pg_catalog.pg_inherits on pg_inherits.inhparent = audited.relation
  join pg_catalog.pg_class on pg_class.oid = pg_inherits.inhrelid
  where not pg_class.relispartition
    and not exists (
      select 1 from audited as child where child.relation = pg_inherits.inhrelid
    )
  union all
  select
    audited.title, 'partition_granted',
    format('%s may write %s past the triggers of the root.', rights.grantee, tree.relid)
  from audited
  cross join lateral pg_partition_tree(audited.relation) as tree
  join pg_catalog.pg_class on pg_class.oid = tree.relid
  cross join lateral (
    select distinct coalesce(pg_roles.rolname::text, 'PUBLIC') as grantee
    from aclexplode(pg_class.relacl) as entry
    left join pg_catalog.pg_roles on pg_roles.oid = entry.grantee
    where entry.grantee <> pg_class.relowner
      and entry.privilege_type in ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')
  ) as rights
  where tree.level > 0
  union all
  select 'audit.audit_logs', 'guard_missing', 'Its rows can be changed by a slip of the owner.'
  where not exists (
    select 1
    from pg_catalog.pg_trigger
    where pg_trigger.tgrelid = 'audit.audit_logs'::regclass
      and pg_trigger.tgfoid = 'audit.refuse_change()'::regprocedure
      and pg_trigger.tgtype = 58
      and pg_trigger.tgenabled = 'A'
  );
$$;

comment on function audit.gaps() is
  'What escapes the audit of enabled tables; the body of ops.audit_gaps.';

create view ops.audit_gaps
with (security_invoker = true)
as
select
  gaps.relation,
  gaps.gap,
  gaps.detail
from audit.gaps() as gaps;

comment on view ops.audit_gaps is
  'What escapes the audit although it is enabled; empty when all is well. Reads the catalogs only.';
comment on column ops.audit_gaps.relation is 'The audited table, with its schema.';
comment on column ops.audit_gaps.gap is
  'table_gone, is_partition, no_key, redacted_column_gone, capture_stale, trigger_missing, '
  'trigger_disabled, child_not_audited, partition_granted or guard_missing.';
comment on column ops.audit_gaps.detail is 'What it means, and what to do where that is not plain.';

alter table audit.targets enable row level security;
alter table audit.audit_logs enable row level security;

grant usage on schema audit to service_role;
grant execute on function audit.gaps() to service_role;
grant select on ops.audit_gaps to service_role;

select ops.manage_partitions('audit.audit_logs', 'logged_at', 'month');
select ops.define_topic(
  'audit-refresh', 'audit.refresh', interval '1 minute',
  description => 'Writes the capture functions of audited tables anew when a table has changed.'
);
