-- SQL raises by code and the docs list the codes, so each code that is raised is registered, with
-- as many arguments as its message takes, and each code of ours that is registered is raised.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql
\ir tokens.psql

select plan(5);

-- The calls of private.fail in a body. code is null when it is not written out.
create function pg_temp.failures(source text)
returns table (code text, arguments int)
language sql
immutable
as $function$
  with body as materialized (
    select token.* from pg_temp.tokens(source) as token
  )
  select
    case when first.kind = 'string' then first.value end,
    (
      select count(*)::int
      from body as comma
      where comma.kind = 'sign' and comma.value = ',' and comma.depth = first.depth
        and comma.place between first.place and (
          select min(closing.place)
          from body as closing
          where closing.place > first.place and closing.kind = 'sign' and closing.value = ')'
            and closing.depth < first.depth
        )
    )
  from body as first
  join body as opening on opening.place = first.place - 1 and opening.value = '('
  join body as name on name.place = first.place - 2 and name.value = 'fail'
  join body as dot on dot.place = first.place - 3 and dot.value = '.'
  join body as schema on schema.place = first.place - 4 and schema.value = 'private'
  where opening.kind = 'sign' and name.kind = 'word'
$function$;

-- The codes that a body raises without the registry's text, as in errcode = '42501'.
create function pg_temp.raised_codes(source text)
returns setof text
language sql
immutable
as $function$
  with body as materialized (
    select token.* from pg_temp.tokens(source) as token
  )
  select code.value
  from body as code
  join body as sign on sign.place = code.place - 1 and sign.value = '='
  join body as word on word.place = code.place - 2 and word.value = 'errcode'
  where code.kind = 'string'
$function$;

create temporary view raised as
select functions.title, failure.code, failure.arguments
from project_functions as functions
cross join lateral pg_temp.failures(functions.source) as failure
where functions.lanname in ('sql', 'plpgsql') and functions.source ~ '\mfail\M';

create temporary view offenders as
select format('%s raises %s', raised.title, coalesce(raised.code, 'a code that is not written out'))
  as title
from raised
left join private.error_codes on error_codes.code = raised.code
where error_codes.code is null
  or raised.arguments
    <> (char_length(error_codes.message) - char_length(replace(error_codes.message, '%s', ''))) / 2
union all
select format('%s raises %s', functions.title, code)
from project_functions as functions
cross join lateral pg_temp.raised_codes(functions.source) as code
where functions.lanname in ('sql', 'plpgsql')
  and functions.source ~ '\merrcode\M'
  -- a mistake of a programmer, not of a caller
  and code <> 'XX000'
  and code not in (select error_codes.code from private.error_codes)
union all
select format('nothing raises %s', error_codes.code)
from private.error_codes
where error_codes.code ~ '^P[LT]'
  and error_codes.code not in (select raised.code from raised where raised.code is not null);

select is_empty(
  'select title from offenders',
  'each error that a function raises is registered, and each code of ours is raised'
);

savepoint planted;
create function private.planted_fail() returns void language plpgsql as $$
begin
  perform private.fail('PL099');
end;
$$;
create function private.planted_variable(code text) returns void language sql as $$
  select private.fail(code, 'x')
$$;
create function private.planted_raise() returns void language plpgsql as $$
begin
  raise exception using errcode = 'PL098', message = 'x';
end;
$$;
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    'private.planted_fail() raises PL099', 'private.planted_raise() raises PL098',
    'private.planted_variable(code text) raises a code that is not written out'
  ],
  'a function that raises a code which is not registered, or not written out, is found'
);

savepoint planted;
select private.define_error('PL097', 400, '%s is not %s.', 'Send another.') \g /dev/null
select array(select title from offenders order by title collate "C") as found_unraised \gset
create function private.planted_fail() returns void language plpgsql as $$
begin
  perform private.fail('PL097', coalesce('a', 'b'));
end;
$$;
select array(select title from offenders order by title collate "C") as found_short \gset
create or replace function private.planted_fail() returns void language plpgsql as $$
begin
  -- private.fail('PL099')
  perform private.fail('PL097', coalesce('a', 'b'), left('c, d', 1));
end;
$$;
select array(select title from offenders order by title collate "C") as found_right \gset
rollback to savepoint planted;
select is(
  :'found_unraised'::text[],
  array['nothing raises PL097'],
  'a registered code that nothing raises is found'
);
select is(
  :'found_short'::text[],
  array['private.planted_fail() raises PL097'],
  'a call with too few arguments for its message is found'
);
select is(:'found_right'::text[], '{}', 'a call with the right arguments is not found');

select * from finish();
rollback;
