-- Hosted Supabase loads safeupdate into API sessions: an update or delete without where is refused
-- there, also inside a function, and nowhere else. So all rows are meant only by `where true`.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql
\ir tokens.psql

select plan(4);

-- Finds them in the body and, since dynamic statements are strings, in each string of it; so a
-- dynamic statement is written as one string, where included.
create function pg_temp.has_unbounded_write(source text)
returns boolean
language plpgsql
immutable
as $function$
declare
  kinds text[];
  words text[];
  depths int[];
  is_bounded boolean;
  has_set boolean;
begin
  select
    array_agg(token.kind order by token.place),
    array_agg(token.value order by token.place),
    array_agg(token.depth order by token.place)
  into kinds, words, depths
  from pg_temp.tokens(source) as token;

  for i in 1..coalesce(cardinality(words), 0) loop
    if kinds[i] = 'string' then
      if words[i] ~* '\m(update|delete)\M' and pg_temp.has_unbounded_write(words[i]) then
        return true;
      end if;
      continue;
    end if;
    continue when kinds[i] <> 'word';
    if words[i] = 'update' then
      -- for update, do update, on update cascade, before insert or update, grant update; update set
      -- belongs to merge, which has its own condition
      continue when words[i - 1] in ('for', 'key', 'do', 'on', 'before', 'after', 'or', 'of', ',',
        'grant', 'revoke') or words[i + 1] in ('set', 'of', 'on', ',', '(', ')', ';');
    elsif words[i] <> 'delete' or words[i + 1] is distinct from 'from' then
      continue;
    end if;

    is_bounded := false;
    has_set := words[i] = 'delete';
    for j in i + 1..cardinality(words) loop
      exit when depths[j] < depths[i];
      continue when depths[j] > depths[i];
      exit when kinds[j] = 'sign' and words[j] = ';' or kinds[j] = 'word' and words[j] = 'loop';
      has_set := has_set or kinds[j] = 'word' and words[j] = 'set';
      is_bounded := is_bounded or kinds[j] = 'word' and words[j] = 'where';
    end loop;
    if has_set and not is_bounded then
      return true;
    end if;
  end loop;
  return false;
end;
$function$;

create temporary view offenders as
select title
from project_functions
where lanname in ('sql', 'plpgsql')
  and source ~* '\m(update|delete)\M'
  and pg_temp.has_unbounded_write(source);

select is_empty('select title from offenders', 'every update and delete in a function has a where');

savepoint planted;
create table private.planted (id int primary key, note text);
create function private.planted_update() returns void language sql
as 'update private.planted set note = $$where$$ -- where';
create function private.planted_delete() returns void language plpgsql as $$
begin
  delete /* where */ from private.planted;
  perform 1 from private.planted where id = 1;
end;
$$;
create function private.planted_in_with() returns bigint language sql as $$
  with gone as (delete from private.planted returning id)
  select count(*) from gone where id > 1
$$;
create function private.planted_inner_where() returns void language sql as $$
  update private.planted
  set note = other.note
  from (select * from private.planted where id = 1) as other
$$;
create function private.planted_dynamic() returns void language plpgsql as $$
begin
  execute format('update %I.planted set note = null', 'private');
end;
$$;
create function private.planted_loop() returns void language plpgsql as $$
declare
  changed record;
begin
  for changed in update private.planted set note = '' returning id loop
    perform 1 from private.planted where id = changed.id;
  end loop;
end;
$$;
create function private.planted_atomic() returns void language sql
begin atomic
  delete from private.planted;
end;
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    'private.planted_atomic()', 'private.planted_delete()', 'private.planted_dynamic()',
    'private.planted_in_with()', 'private.planted_inner_where()', 'private.planted_loop()',
    'private.planted_update()'
  ],
  'an update or delete without where is found in sql, plpgsql, a with query, a loop and a string'
);

savepoint planted;
create table private.planted (id int primary key, note text);
create function private.right_ones() returns void language plpgsql as $$
begin
  perform 1 from private.planted for update;
  perform 1 from private.planted for no key update;
  insert into private.planted values (1) on conflict (id) do update set note = 'x';
  insert into private.planted values (1) on conflict (id) do update set note = 'x' where true;
  update private.planted set note = 'it''s; new' where true;
  delete from private.planted using private.planted as other where planted.id < other.id;
  with changed as (update private.planted set note = (select 'x') where id = 1 returning id)
  select id from changed;
  merge into private.planted using private.planted as other on planted.id = other.id
  when matched then update set note = 'x';
  execute format('delete from %I.planted where id = $1', 'private') using 1;
  raise exception 'Update the row; delete nothing.'; -- update private.planted set note = ''
end;
$$;
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  '{}',
  'locks, upserts, merges, comments and messages are not taken for writes without where'
);

select results_eq(
  $$select value from pg_temp.tokens('a."B c" -- x' || chr(10) || '(''it''''s'' || $q$;$q$)')$$,
  array['a', '.', '"B c"', '(', 'it''s', '|', '|', ';', ')'],
  'a body is read as words, quoted names, strings and signs, without comments'
);

select * from finish();
rollback;
