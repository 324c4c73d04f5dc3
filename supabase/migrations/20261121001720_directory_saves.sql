-- What a visitor keeps for later. Who saved what is nobody else's to know; how many saved a
-- business is public, and counted like the other figures: deltas that a job folds, so that a
-- business that everybody saves is no row that everybody waits for.

create table directory.business_saves (
  user_id uuid not null
    constraint business_saves_user_id_fkey references auth.users (id) on delete cascade,
  business_id uuid not null
    constraint business_saves_business_id_fkey
    references directory.businesses (id) on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  primary key (user_id, business_id)
);

create index business_saves_business_id_idx on directory.business_saves (business_id);
create index business_saves_user_id_created_at_idx
  on directory.business_saves (user_id, created_at, business_id);

comment on table directory.business_saves is
  'Businesses that users have saved. Each reads the own rows; written by '
  'directory.save_business() and directory.unsave_business().';

create table directory_internal.save_count_deltas (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  delta int not null
);

comment on table directory_internal.save_count_deltas is
  'Changes of the number of saves that are not folded into business_stats yet. No foreign key: it '
  'would lock the business at each save.';

comment on column directory.business_stats.save_count is
  'Users who have saved it, up to a minute old. Written by '
  'directory_internal.fold_save_counts() alone.';

create function directory_internal.saves_changed()
returns trigger
language plpgsql
volatile
security definer -- the writer has no right on the deltas
set search_path = ''
as $$
begin
  insert into directory_internal.save_count_deltas (business_id, delta)
  select changed_rows.business_id, case when tg_op = 'INSERT' then count(*) else -count(*) end
  from changed_rows
  group by changed_rows.business_id;
  return null;
end;
$$;

comment on function directory_internal.saves_changed() is
  'Trigger function, after statement: notes by how much the number of saves of each business '
  'changed.';

create trigger business_saves_count_insert
  after insert on directory.business_saves
  referencing new table as changed_rows
  for each statement execute function directory_internal.saves_changed();

create trigger business_saves_count_delete
  after delete on directory.business_saves
  referencing old table as changed_rows
  for each statement execute function directory_internal.saves_changed();

create function directory_internal.fold_save_counts()
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  size constant int := directory_internal.setting('save_fold_batch')::int;
  batch bigint[];
begin
  if not pg_try_advisory_xact_lock(hashtextextended('directory.fold_save_counts', 0)) then
    return false;
  end if;
  -- in the order of their ids, so that no save is given back before it was counted
  batch := array(
    select save_count_deltas.id
    from directory_internal.save_count_deltas
    order by save_count_deltas.id
    limit size
  );
  if cardinality(batch) = 0 then
    return false;
  end if;

  perform 1
  from directory.business_stats
  where business_stats.business_id in (
    select save_count_deltas.business_id
    from directory_internal.save_count_deltas
    where save_count_deltas.id = any (batch)
  )
  order by business_stats.business_id
  for no key update;

  with taken as (
    delete from directory_internal.save_count_deltas
    where save_count_deltas.id = any (batch)
    returning save_count_deltas.business_id, save_count_deltas.delta
  )
  update directory.business_stats
  set save_count = business_stats.save_count + sums.delta
  from (
    select taken.business_id, sum(taken.delta)::int as delta
    from taken
    group by taken.business_id
    having sum(taken.delta) <> 0
  ) as sums
  where business_stats.business_id = sums.business_id;
  return cardinality(batch) = size;
end;
$$;

comment on function directory_internal.fold_save_counts() is
  'Adds the oldest deltas, at most directory.save_fold_batch, to the saves of business_stats; '
  'those of a business that is gone are dropped. Returns whether more may wait; false while '
  'another fold runs. Scheduled each minute.';

-- Definer: the cap would be none if users wrote the table. It acts for the caller alone.
create function directory_internal.save_business(business_uuid uuid)
returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  most constant int := directory_internal.setting('saves_maximum')::int;
begin
  if auth.uid() is null then
    perform private.fail('42501');
  end if;
  -- one at a time, so that the cap holds for who saves many at once
  perform pg_advisory_xact_lock(hashtextextended('directory.saves:' || auth.uid()::text, 0));
  if exists (
    select 1
    from directory.business_saves
    where business_saves.user_id = auth.uid() and business_saves.business_id = business_uuid
  )
  then
    return false;
  end if;

  if not exists (
    select 1
    from directory.listings
    where listings.business_id = business_uuid
      and (listings.visible_until is null or listings.visible_until > now())
  )
  then
    perform private.fail('PT404', 'Business ' || coalesce(business_uuid::text, 'null'));
  end if;
  if (
      select count(*) from directory.business_saves where business_saves.user_id = auth.uid()
    ) >= most
  then
    perform private.fail('PL200', most::text);
  end if;
  insert into directory.business_saves (user_id, business_id)
  values (auth.uid(), business_uuid);
  return true;
end;
$$;

comment on function directory_internal.save_business(uuid) is
  'Body of directory.save_business().';

-- Definer: users have no right to write the table. It acts for the caller alone.
create function directory_internal.unsave_business(business_uuid uuid)
returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  delete from directory.business_saves
  where business_saves.user_id = auth.uid() and business_saves.business_id = business_uuid;
  return found;
end;
$$;

comment on function directory_internal.unsave_business(uuid) is
  'Body of directory.unsave_business().';

create function directory.save_business(business_uuid uuid)
returns boolean
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.save_business(business_uuid);
$$;

comment on function directory.save_business(uuid) is
  'Saves a business for the caller. Returns true, or false when it was saved already: calling '
  'twice does no harm. Raises PT404 for a business that is not visible, PL200 when the caller has '
  'saved directory.saves_maximum, 42501 without an account.';

create function directory.unsave_business(business_uuid uuid)
returns boolean
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.unsave_business(business_uuid);
$$;

comment on function directory.unsave_business(uuid) is
  'Takes a business from what the caller has saved. Returns true, or false when it was not saved: '
  'calling twice does no harm.';

create function directory.list_saved_businesses(
  cursor text default null,
  page_size int default 20
)
returns table (
  businesses jsonb,
  next_cursor text
)
language plpgsql
stable
security invoker
set search_path = ''
-- the plan depends on how many rows are asked for
set plan_cache_mode = 'force_custom_plan'
as $$
declare
  after record;
begin
  perform directory_internal.check_range('page_size', page_size, 1,
    directory_internal.setting('page_size_maximum'));
  select 'infinity' as key, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid as id into after;
  if list_saved_businesses.cursor is not null then
    after := directory_internal.read_cursor(list_saved_businesses.cursor, 'saves', 'timestamptz');
  end if;

  with page as (
    select
      row_number() over (order by saves.created_at desc, saves.business_id desc) as place,
      saves.business_id,
      to_jsonb(saves.created_at) #>> '{}' as saved_at,
      directory_internal.listing_item(saves.listing, categories.name)
        || jsonb_build_object('savedAt', saves.created_at) as item
    from (
      select business_saves.created_at, business_saves.business_id, listings as listing
      from directory.business_saves
      join directory.listings on listings.business_id = business_saves.business_id
      where business_saves.user_id = (select auth.uid())
        and (business_saves.created_at, business_saves.business_id)
          < (after.key::timestamptz, after.id)
        and (listings.visible_until is null or listings.visible_until > now())
      order by business_saves.created_at desc, business_saves.business_id desc
      limit page_size + 1
    ) as saves
    left join directory.categories on categories.id = (saves.listing).category_id
  )
  select
    coalesce(
      jsonb_agg(page.item order by page.place) filter (where page.place <= page_size), '[]'
    ),
    case
      when count(*) > page_size then directory_internal.make_cursor(
        'saves',
        max(page.saved_at) filter (where page.place = page_size),
        (array_agg(page.business_id) filter (where page.place = page_size))[1]
      )
    end
  into businesses, next_cursor
  from page;
  return next;
end;
$$;

comment on function directory.list_saved_businesses(text, int) is
  'What the caller has saved, the last saved first, page by page. Parameters: the cursor of the '
  'page, null for the first; rows a page, 1 to 100. Returns one row: the list of businesses in the '
  'shape of api_get_businesses with savedAt, and the cursor of the next page, null on the last. A '
  'business that is not visible is left out, and comes back when it is. Raises PL104 for a number '
  'out of range, PL195 for what is no cursor, PL196 for the cursor of another list.';

select private.define_error('PL200', 400, 'You have saved %s businesses, and may save no more.',
  'Take some out with unsave_business.');

select ops.define_setting('directory.saves_maximum', '2000',
  'Most businesses that one user may save.', 1, 100000);
select ops.define_setting('directory.save_fold_batch', '5000',
  'Changes of the number of saves that one step of the fold takes.', 1, 1000000);

alter table directory.business_saves enable row level security;
alter table directory_internal.save_count_deltas enable row level security;

create policy business_saves_select_own on directory.business_saves
  for select
  to authenticated
  using (user_id = (select auth.uid()));

grant select on directory.business_saves to authenticated, service_role;
grant execute on function
  directory.save_business(uuid),
  directory.unsave_business(uuid),
  directory.list_saved_businesses(text, int),
  directory_internal.save_business(uuid),
  directory_internal.unsave_business(uuid)
  to authenticated;
