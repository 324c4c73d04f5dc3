-- Numbers that an operator may want to move live here as data, with their default, range and
-- reason, instead of being spread through function bodies.

create table ops.settings (
  key text primary key,
  value jsonb not null,
  default_value jsonb not null,
  minimum numeric,
  maximum numeric,
  description text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint settings_key_check check (key ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$'),
  constraint settings_type_check check (jsonb_typeof(value) = jsonb_typeof(default_value)),
  constraint settings_range_check check (
    jsonb_typeof(value) <> 'number'
    or (value::numeric >= coalesce(minimum, value::numeric)
      and value::numeric <= coalesce(maximum, value::numeric))
  )
);

comment on table ops.settings is
  'Tunable values of every schema, one row each. Change them with ops.set_setting().';
comment on column ops.settings.key is 'Owner and name, as in ops.lock_timeout_ms.';
comment on column ops.settings.value is 'The value in force, of the same JSON type as the default.';
comment on column ops.settings.default_value is 'The value that the migration gave.';
comment on column ops.settings.minimum is 'Smallest number allowed; null where there is none.';
comment on column ops.settings.maximum is 'Largest number allowed; null where there is none.';
comment on column ops.settings.description is 'What the value does, with its unit.';

create function ops.define_setting(
  key text,
  default_value jsonb,
  description text,
  minimum numeric default null,
  maximum numeric default null
)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  insert into ops.settings (key, value, default_value, minimum, maximum, description)
  values (
    define_setting.key, define_setting.default_value, define_setting.default_value,
    define_setting.minimum, define_setting.maximum, define_setting.description
  )
  on conflict on constraint settings_pkey do update
  set
    value = case
      when settings.value = settings.default_value then excluded.default_value
      else settings.value
    end,
    default_value = excluded.default_value,
    minimum = excluded.minimum,
    maximum = excluded.maximum,
    description = excluded.description;
$$;

comment on function ops.define_setting(text, jsonb, text, numeric, numeric) is
  'Registers a setting with its default, description and range. A value that an operator has set '
  'stays. Raises 23514 when the default is outside the range.';

create function ops.setting(key text)
returns jsonb
language plpgsql
stable
security invoker
set search_path = ''
as $$
declare
  found_value jsonb;
begin
  select settings.value into found_value from ops.settings where settings.key = setting.key;
  if found_value is null then
    perform private.fail('PL001', setting.key);
  end if;
  return found_value;
end;
$$;

comment on function ops.setting(text) is
  'The value of a setting. Raises PL001 when there is no such key.';

create function ops.set_setting(key text, value jsonb)
returns jsonb
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  previous jsonb := ops.setting(set_setting.key);
begin
  update ops.settings
  set value = set_setting.value
  where settings.key = set_setting.key;
  return previous;
exception
  when check_violation or not_null_violation then
    perform private.fail('PL002', set_setting.key, coalesce(set_setting.value #>> '{}', 'null'));
    return null;
end;
$$;

comment on function ops.set_setting(text, jsonb) is
  'Sets a setting and returns the value it had. Raises PL001 when there is no such key, PL002 when '
  'the value has another type than the default or lies outside the range.';

alter table ops.settings enable row level security;

grant select on ops.settings to service_role;
grant update (value) on ops.settings to service_role;
grant execute on function ops.setting(text), ops.set_setting(text, jsonb) to service_role;
