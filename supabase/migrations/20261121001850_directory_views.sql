-- What visitors do with a business: views, clicks, shares. A call of the API only appends narrow
-- rows; each minute a job folds them into the log of views, its days and the counters, so that a
-- burst of visitors touches no row that others read or lock.

create table directory_internal.business_events (
  id bigint generated always as identity primary key,
  kind text not null,
  business_id uuid not null,
  visitor_id uuid,
  session_id uuid,
  referrer text,
  referrer_host text,
  time_on_page int,
  bounced boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  constraint business_events_kind_check check (kind in ('view', 'click', 'share'))
);

comment on table directory_internal.business_events is
  'Views, clicks and shares that are not folded yet. Logged, so that a crash loses none. No '
  'foreign key: it would lock the business at each event.';
comment on column directory_internal.business_events.visitor_id is
  'As in directory.business_views; null for clicks and shares.';

create table directory.business_views (
  id uuid not null default gen_random_uuid(),
  business_id uuid not null,
  visitor_id uuid,
  session_id uuid,
  referrer text,
  referrer_host text,
  time_on_page int,
  bounced boolean not null default false,
  created_at timestamptz not null,
  primary key (id, created_at),
  constraint business_views_referrer_check check (char_length(referrer) <= 500),
  constraint business_views_referrer_host_check check (char_length(referrer_host) <= 253),
  constraint business_views_time_on_page_check check (time_on_page >= 0)
)
partition by range (created_at);

create index business_views_business_id_created_at_idx
  on directory.business_views (business_id, created_at) include (referrer_host);
create index business_views_created_at_idx on directory.business_views using brin (created_at);

comment on table directory.business_views is
  'Views of the pages of businesses, by month (UTC), kept for 400 days. Written by '
  'directory_internal.fold_business_events() alone. No foreign key: rows go by age, and a log must '
  'not hold on to what it tells of. No account and no address is kept.';
comment on column directory.business_views.visitor_id is
  'A keyed hash of what the client sent as its visitor, or of the account: it tells visitors apart '
  'and names none. Null when neither is known; such a view has no visitor.';
comment on column directory.business_views.session_id is
  'Drawn by the client for a visit; null when it sent none.';
comment on column directory.business_views.referrer is
  'Page that led here, without query and fragment; null for none or one that is no web address.';
comment on column directory.business_views.referrer_host is
  'Its host, lower case, without www; null for a direct view.';
comment on column directory.business_views.time_on_page is 'Seconds; null when not known.';
comment on column directory.business_views.bounced is 'Whether the visitor left from this page.';
comment on column directory.business_views.created_at is 'When the view was reported.';

create table directory.business_view_daily (
  business_id uuid not null
    constraint business_view_daily_business_id_fkey
    references directory.businesses (id) on delete cascade,
  day date not null,
  views int not null default 0,
  visitors int not null default 0,
  timed_views int not null default 0,
  time_total bigint not null default 0,
  bounces int not null default 0,
  avg_time numeric generated always as (
    case when timed_views > 0 then round(time_total::numeric / timed_views, 2) end
  ) stored,
  bounce_rate numeric(5, 4) generated always as (
    case when views > 0 then round(bounces::numeric / views, 4) end
  ) stored,
  primary key (business_id, day),
  constraint business_view_daily_counts_check check (
    visitors between 0 and views
    and timed_views between 0 and views
    and bounces between 0 and views
    and time_total >= 0
  )
);

comment on table directory.business_view_daily is
  'Views of a business by day, kept for ever. Written by '
  'directory_internal.fold_business_events() alone.';
comment on column directory.business_view_daily.day is
  'Day in the time zone that the business had when the views were folded.';
comment on column directory.business_view_daily.visitors is 'Different visitors of the day.';
comment on column directory.business_view_daily.timed_views is
  'Views of which the time on the page is known.';
comment on column directory.business_view_daily.time_total is 'Their sum, in seconds.';
comment on column directory.business_view_daily.avg_time is
  'Mean seconds on the page; null when none is known.';
comment on column directory.business_view_daily.bounce_rate is
  'Share of views from which the visitor left, 0 to 1.';

create table directory_internal.business_visitors (
  business_id uuid not null,
  day date not null,
  visitor_id uuid not null,
  primary key (business_id, day, visitor_id)
)
partition by range (day);

comment on table directory_internal.business_visitors is
  'Who was there on a day: tells the fold which visitor is new, and counts the visitors of a '
  'range. By month, kept for 400 days; no foreign key, as its rows go by age.';
comment on column directory_internal.business_visitors.visitor_id is
  'As in directory.business_views.';

comment on column directory.business_stats.view_count is
  'Views of its page. This and the next two are added to by '
  'directory_internal.fold_business_events() alone.';
comment on column directory.business_stats.click_count is 'Clicks that lead from its page.';
comment on column directory.business_stats.share_count is 'Times that its page was shared.';

create function directory_internal.referrer_host(referrer text)
returns text
language sql
immutable
parallel safe
strict
security invoker
set search_path = ''
as $$
  select substring(
    lower(referrer)
    from '^https?://(?:[^/?#@]*@)?(?:www\.)?([a-z0-9][a-z0-9.-]{0,252})(?:[:/?#]|$)'
  );
$$;

comment on function directory_internal.referrer_host(text) is
  'Host of a web address, lower case, without www; null for anything else.';

create function directory_internal.is_event(event jsonb, kind text)
returns boolean
language sql
immutable
parallel safe
security invoker
set search_path = ''
as $$
  select case
    when jsonb_typeof(event) is distinct from 'object' then false
    when kind <> 'view' and event - 'business_id' <> '{}' then false
    when event - array['business_id', 'session_id', 'referrer', 'time_on_page', 'bounced'] <> '{}'
      then false
    else
      coalesce(event ->> 'business_id' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', false)
      and coalesce(event ->> 'session_id' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', true)
      and coalesce(jsonb_typeof(event -> 'referrer'), 'null') in ('string', 'null')
      and coalesce(jsonb_typeof(event -> 'bounced'), 'null') in ('boolean', 'null')
      and case coalesce(jsonb_typeof(event -> 'time_on_page'), 'null')
        when 'number' then (event ->> 'time_on_page')::numeric >= 0
        when 'null' then true
        else false
      end
  end;
$$;

comment on function directory_internal.is_event(jsonb, text) is
  'Whether a document is an event of that kind, as directory.track_view() takes them.';

-- Definer: no API role may write events. Every caller may report one; what it does for a business
-- of the caller's own is left out here.
create function directory_internal.track_events(kind text, events jsonb, visitor text default null)
returns int
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  longest_time constant numeric := directory_internal.setting('time_on_page_limit');
  most constant numeric := directory_internal.setting('event_batch_limit');
  bad_place bigint;
  hashed_visitor uuid;
  taken int;
begin
  if jsonb_typeof(events) is distinct from 'array' then
    perform private.fail('PL186', most::text);
  elsif jsonb_array_length(events) not between 1 and most then
    perform private.fail('PL186', most::text);
  end if;
  select given.place into bad_place
  from jsonb_array_elements(events) with ordinality as given (event, place)
  where not directory_internal.is_event(given.event, kind)
  order by given.place
  limit 1;
  if bad_place is not null then
    perform private.fail('PL187', bad_place::text, kind);
  end if;
  if char_length(visitor) not between 1 and 200 then
    perform private.fail('PL188');
  end if;

  if kind = 'view' then
    -- contexts of their own, so that nobody passes as an account by sending its id
    select encode(substr(sha256(convert_to(known.name, 'UTF8')), 1, 16), 'hex')::uuid
    into hashed_visitor
    from coalesce(
      private.blind_index(visitor, 'directory.business_views.visitor'),
      private.blind_index(auth.uid()::text, 'directory.business_views.account')
    ) as known (name);
  end if;

  insert into directory_internal.business_events (
    kind, business_id, visitor_id, session_id, referrer, referrer_host, time_on_page, bounced
  )
  select
    kind, listings.business_id, hashed_visitor, (event ->> 'session_id')::uuid,
    case
      when source.host is not null then left(
        regexp_replace(
          regexp_replace(event ->> 'referrer', '[?#].*$', ''), '^(https?://)[^/]*@', '\1', 'i'
        ), 500
      )
    end,
    source.host,
    case
      when event ->> 'time_on_page' is not null
        then least((event ->> 'time_on_page')::numeric, longest_time)::int
    end,
    coalesce((event ->> 'bounced')::boolean, false)
  from jsonb_array_elements(events) as event
  cross join lateral directory_internal.referrer_host(event ->> 'referrer') as source (host)
  join directory.listings on listings.business_id = (event ->> 'business_id')::uuid
  where (listings.visible_until is null or listings.visible_until > now())
    and listings.business_id <> all (array(select directory_internal.managed_business_ids()));
  get diagnostics taken = row_count;
  return taken;
end;
$$;

comment on function directory_internal.track_events(text, jsonb, text) is
  'Body of directory.track_view(), track_click() and track_share().';

create function directory.track_view(events jsonb, visitor text default null)
returns int
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.track_events('view', events, visitor);
$$;

comment on function directory.track_view(jsonb, text) is
  'Reports views of pages of businesses. Parameters: a list of {business_id, referrer, session_id, '
  'time_on_page (seconds), bounced}, all but the first optional, at most '
  'directory.event_batch_limit; visitor, any text of up to 200 characters that the client keeps to '
  'know the visitor again, stored as a keyed hash only (without it the account counts as the '
  'visitor). Returns how many were taken: views of what is not public, and those of one''s own '
  'business, are left out. Counted within a minute. Raises PL186 for what is no such list, PL187 '
  'for what is no event (then none is taken), PL188 for a visitor that is empty or too long.';

create function directory.track_click(events jsonb)
returns int
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.track_events('click', events);
$$;

comment on function directory.track_click(jsonb) is
  'Reports clicks that lead from the page of a business: to its telephone, website or directions. '
  'Parameter: a list of {business_id}, at most directory.event_batch_limit. Returns how many were '
  'taken, as track_view() does. Raises PL186 for what is no such list, PL187 for what is no event.';

create function directory.track_share(events jsonb)
returns int
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.track_events('share', events);
$$;

comment on function directory.track_share(jsonb) is
  'Reports that the page of a business was shared. Parameter: a list of {business_id}, at most '
  'directory.event_batch_limit. Returns how many were taken, as track_view() does. Raises PL186 '
  'for what is no such list, PL187 for what is no event.';

create function directory_internal.fold_business_events()
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  size constant int := directory_internal.setting('event_fold_batch')::int;
  batch bigint[];
  ids uuid[];
begin
  -- nobody else takes events, so those of the batch are there until they are deleted below
  if not pg_try_advisory_xact_lock(hashtextextended('directory.fold_business_events', 0)) then
    return false;
  end if;
  batch := array(
    select business_events.id
    from directory_internal.business_events
    order by business_events.id
    limit size
  );
  if cardinality(batch) = 0 then
    return false;
  end if;

  -- in the order of all writers; whoever deletes a business would otherwise wait for its figures
  -- while the foreign key of its days waits for it
  ids := array(
    select businesses.id
    from directory.businesses
    where businesses.id in (
      select business_events.business_id
      from directory_internal.business_events
      where business_events.id = any (batch)
    )
    order by businesses.id
    for key share
  );
  perform 1
  from directory.business_stats
  where business_stats.business_id = any (ids)
  order by business_stats.business_id
  for no key update;

  with taken as (
    delete from directory_internal.business_events
    where business_events.id = any (batch)
    returning business_events.*
  ),
  known as (
    select
      taken.*,
      (taken.created_at at time zone businesses.time_zone)::date as day
    from taken
    join directory.businesses on businesses.id = taken.business_id
    where businesses.id = any (ids)
  ),
  logged as (
    insert into directory.business_views (
      business_id, visitor_id, session_id, referrer, referrer_host, time_on_page, bounced,
      created_at
    )
    select
      known.business_id, known.visitor_id, known.session_id, known.referrer, known.referrer_host,
      known.time_on_page, known.bounced, known.created_at
    from known
    where known.kind = 'view'
    order by known.id
  ),
  newcomers as (
    insert into directory_internal.business_visitors (business_id, day, visitor_id)
    select distinct known.business_id, known.day, known.visitor_id
    from known
    where known.visitor_id is not null
    on conflict on constraint business_visitors_pkey do nothing
    returning business_visitors.business_id, business_visitors.day
  ),
  days as (
    insert into directory.business_view_daily as daily (
      business_id, day, views, visitors, timed_views, time_total, bounces
    )
    select
      known.business_id, known.day, count(*),
      (
        select count(*)
        from newcomers
        where newcomers.business_id = known.business_id and newcomers.day = known.day
      ),
      count(known.time_on_page), coalesce(sum(known.time_on_page), 0),
      count(*) filter (where known.bounced)
    from known
    where known.kind = 'view'
    group by known.business_id, known.day
    order by known.business_id, known.day
    on conflict on constraint business_view_daily_pkey do update
    set
      views = daily.views + excluded.views,
      visitors = daily.visitors + excluded.visitors,
      timed_views = daily.timed_views + excluded.timed_views,
      time_total = daily.time_total + excluded.time_total,
      bounces = daily.bounces + excluded.bounces
  )
  update directory.business_stats
  set
    view_count = business_stats.view_count + sums.views,
    click_count = business_stats.click_count + sums.clicks,
    share_count = business_stats.share_count + sums.shares
  from (
    select
      known.business_id,
      count(*) filter (where known.kind = 'view') as views,
      count(*) filter (where known.kind = 'click') as clicks,
      count(*) filter (where known.kind = 'share') as shares
    from known
    group by known.business_id
  ) as sums
  where business_stats.business_id = sums.business_id;
  return cardinality(batch) = size;
end;
$$;

comment on function directory_internal.fold_business_events() is
  'Takes the oldest events, at most directory.event_fold_batch, into the log of views, its days '
  'and the counters. Events of a business that is gone are dropped. Returns whether more may wait; '
  'false while another fold runs. Scheduled each minute.';

select private.define_error('PL186', 400, 'That is no list of 1 to %s events.',
  'Send a JSON array of events; send more in another call.');
select private.define_error('PL187', 400, 'Event %s of the list is no %s.',
  'A view is {business_id, referrer, session_id, time_on_page, bounced} with all but the first '
  'optional; a click or share is {business_id}. Ids are uuids, time_on_page is seconds from 0.');
select private.define_error('PL188', 400, 'The visitor is empty or longer than 200 characters.',
  'Send what the client keeps to know the visitor again, or leave it out.');

select ops.define_setting('directory.event_batch_limit', '100',
  'Views, clicks or shares that one call may report.', 1, 10000);
select ops.define_setting('directory.event_fold_batch', '5000',
  'Views, clicks and shares that one step of the fold takes.', 1, 1000000);
select ops.define_setting('directory.time_on_page_limit', '1800',
  'A longer time on a page counts as this, in seconds: a tab that was forgotten tells nothing.',
  1, 86400);

alter table directory_internal.business_events enable row level security;
alter table directory.business_views enable row level security;
alter table directory.business_view_daily enable row level security;
alter table directory_internal.business_visitors enable row level security;

select ops.manage_partitions(
  parent => 'directory.business_views',
  control => 'created_at',
  unit => 'month',
  retention => '400 days'
);
select ops.manage_partitions(
  parent => 'directory_internal.business_visitors',
  control => 'day',
  unit => 'month',
  retention => '400 days'
);
-- Off until the operator says where to; as long as it is, old months are dropped.
select archive.define_policy(
  'businessViews', 'directory.business_views', 400, 'storage', 'archive', enabled => false
);

grant select on directory.business_views, directory.business_view_daily to service_role;
grant execute on function
  directory.track_view(jsonb, text), directory.track_click(jsonb), directory.track_share(jsonb),
  directory_internal.track_events(text, jsonb, text)
  to anon, authenticated, service_role;
