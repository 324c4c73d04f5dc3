-- One registry of the errors a client can meet. SQL raises them by code, the functions of the edge
-- and the docs are generated from the same rows, so a code, its status and its hint never disagree.

create table private.error_codes (
  code text primary key,
  status int not null,
  message text not null,
  hint text not null,
  constraint error_codes_code_check check (code ~ '^[0-9A-Z]{5}$'),
  -- PostgREST decides the status from the SQLSTATE; a row that claims another one would be a lie.
  constraint error_codes_status_check check (
    case
      when code ~ '^PT[45][0-9]{2}$' then status = substr(code, 3)::int
      when code like 'PT%' then false
      when code like 'PL%' then status = 400
      else status between 400 and 599
    end
  )
);

comment on table private.error_codes is
  'Every error code of the API, with the HTTP status that PostgREST derives from it.';
comment on column private.error_codes.code is
  'SQLSTATE. PLnnn: refused input, always 400. PTnnn: PostgREST answers with status nnn.';
comment on column private.error_codes.status is 'HTTP status that a client sees.';
comment on column private.error_codes.message is 'Template for format(): %s takes the arguments.';
comment on column private.error_codes.hint is 'What the caller can do about it.';

alter table private.error_codes enable row level security;

create function private.define_error(
  code text,
  status int,
  message text,
  hint text
)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  insert into private.error_codes (code, status, message, hint)
  values (define_error.code, define_error.status, define_error.message, define_error.hint)
  on conflict on constraint error_codes_pkey do update
  set status = excluded.status, message = excluded.message, hint = excluded.hint;
$$;

comment on function private.define_error(text, int, text, text) is
  'Registers an error code, or replaces its text. Parameters: SQLSTATE, HTTP status, message '
  'template for format(), hint. Raises 23514 when the status is not the one PostgREST would send.';

-- Definer, because callers of every role raise errors and none may read the registry itself. It
-- checks no right: it can do nothing but raise.
create function private.fail(
  code text,
  variadic arguments text[] default '{}'
)
returns void
language plpgsql
stable
parallel safe
security definer
set search_path = ''
as $$
declare
  definition private.error_codes;
begin
  select error_codes.* into definition
  from private.error_codes
  where error_codes.code = fail.code;

  if definition.code is null then
    raise exception using
      errcode = 'XX000',
      message = format('error code %s is not registered', fail.code),
      hint = 'Register it with private.define_error() in the migration that raises it.';
  end if;

  raise exception using
    errcode = definition.code,
    message = format(definition.message, variadic arguments),
    hint = definition.hint;
end;
$$;

comment on function private.fail(text, text[]) is
  'Raises a registered error. Parameters: the code, then the arguments of its message template. '
  'Never returns. Raises XX000 when the code is not registered.';

grant execute on function private.fail(text, text[]) to anon, authenticated, service_role;

-- Codes of Postgres itself that a client can meet, so that the docs and the functions know them
-- too.
select private.define_error('22003', 400, 'A number is too large for its type.',
  'Send a number in the range of the parameter.');
select private.define_error('22007', 400, 'A date or time is not written as one.',
  'Write dates and times as in 2026-11-21T09:30:00Z.');
select private.define_error('22021', 400, 'A text holds bytes that are no UTF-8.',
  'Send UTF-8, without the character U+0000.');
select private.define_error('22023', 400, 'A value is not one that the parameter takes.',
  'The message names it; a time zone is written as in America/Chicago.');
select private.define_error('22P05', 400, 'A text holds a character that can not be stored.',
  'Leave out the character U+0000.');
select private.define_error('22P02', 400, 'A value is not written in the form of its type.',
  'Check uuids, numbers and dates in the request.');
select private.define_error('23502', 400, 'A required value is missing.',
  'The message names the column.');
select private.define_error('23503', 409, 'A value refers to a row that does not exist.',
  'The details name the key.');
select private.define_error('23505', 409, 'A row with this key exists already.',
  'Read or update the existing row instead.');
select private.define_error('23514', 400, 'A value breaks a rule of its table.',
  'The message names the constraint; docs/schema lists its rule.');
select private.define_error('40001', 500, 'Two transactions met; this one was undone.',
  'Send the request again.');
select private.define_error('40P01', 500, 'Two transactions waited for each other; this one was '
  'undone.', 'Send the request again.');
select private.define_error('42501', 403, 'The row or the action is not yours.',
  'Sign in with an account that may do this. Without a session the status is 401.');
select private.define_error('57014', 500, 'The statement took longer than its role may.',
  'Ask for less: a smaller radius, a shorter page, a narrower filter.');

-- Codes that every schema may raise.
select private.define_error('PT404', 404, '%s not found.',
  'Check the id. The row may be gone, or not visible to you.');
select private.define_error('PL001', 400, 'There is no setting %s.',
  'Read ops.settings for the keys that exist.');
select private.define_error('PL002', 400, 'Setting %s does not take %s.',
  'Read ops.settings for the type and the range of the value.');
select private.define_error('PL003', 400, '%s is not a role.',
  'The roles are user, moderator, analyst, admin and super_admin.');
select private.define_error('PL004', 400, 'The role would have ended on %s already.',
  'Send a time that lies ahead, or call revoke_role.');
