-- What a business may know of its visitors.

create function directory_internal.require_analytics(business_uuid uuid)
returns void
language plpgsql
stable
security invoker
set search_path = ''
as $$
begin
  if business_uuid in (select directory_internal.managed_business_ids(array['manager'])) then
    if not private.has_any_role(array['analyst', 'admin', 'super_admin']) then
      perform directory_internal.require_feature(business_uuid, 'analytics');
    end if;
    return;
  end if;
  perform private.require_any_role(array['analyst', 'admin', 'super_admin']);
end;
$$;

comment on function directory_internal.require_analytics(uuid) is
  'Returns when the caller may see the figures of the business: its owner and its managers, when '
  'the plan includes analytics, analysts and administrators. Raises 42501 for others, PL151 for a '
  'plan that does not.';

-- Definer: no API role may read the log of views. require_analytics() decides for the caller.
create function directory_internal.business_analytics(
  business_uuid uuid,
  date_from date,
  date_to date
)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  most_days constant int := directory_internal.setting('analytics_days');
  most_referrers constant int := directory_internal.setting('analytics_referrers');
  zone text;
  today date;
  first_day date;
  last_day date;
  kept_from date;
  overview jsonb;
  daily_metrics jsonb;
  top_referrers jsonb;
begin
  perform directory_internal.require_analytics(business_uuid);
  select businesses.time_zone into zone
  from directory.businesses
  where businesses.id = business_uuid;
  if zone is null then
    perform private.fail('PT404', 'Business ' || coalesce(business_uuid::text, 'null'));
  end if;

  today := (now() at time zone zone)::date;
  last_day := coalesce(date_to, today);
  if not isfinite(last_day) or last_day not between date '2000-01-01' and date '2200-01-01' then
    perform private.fail('PL185', coalesce(date_from::text, 'null'), last_day::text,
      most_days::text);
  end if;
  first_day := coalesce(date_from, last_day - 30);
  if not isfinite(first_day) or first_day > last_day or last_day - first_day >= most_days then
    perform private.fail('PL185', first_day::text, last_day::text, most_days::text);
  end if;
  select today - partition_config.retention into kept_from
  from ops.partition_config
  where partition_config.parent = 'directory_internal.business_visitors'::regclass;

  select jsonb_build_object(
    'totalViews', coalesce(sum(daily.views), 0),
    'uniqueVisitors', case
      when kept_from <= first_day or kept_from is null then (
        select count(distinct business_visitors.visitor_id)
        from directory_internal.business_visitors
        where business_visitors.business_id = business_uuid
          and business_visitors.day between first_day and last_day
      )
    end,
    'avgTimeOnPage', round(sum(daily.time_total)::numeric / nullif(sum(daily.timed_views), 0), 2),
    'bounceRate', round(sum(daily.bounces)::numeric / nullif(sum(daily.views), 0), 4)
  )
  into overview
  from directory.business_view_daily as daily
  where daily.business_id = business_uuid and daily.day between first_day and last_day;

  select jsonb_agg(
    jsonb_build_object(
      'date', (first_day + place),
      'views', coalesce(daily.views, 0),
      'visitors', coalesce(daily.visitors, 0)
    )
    order by place
  )
  into daily_metrics
  from generate_series(0, last_day - first_day) as place
  left join directory.business_view_daily as daily
    on daily.business_id = business_uuid and daily.day = first_day + place;

  select coalesce(
    jsonb_agg(
      jsonb_build_object('source', source.name, 'count', source.views)
      order by source.views desc, source.name
    ),
    '[]'
  )
  into top_referrers
  from (
    select coalesce(views.referrer_host, 'direct') as name, count(*) as views
    from directory.business_views as views
    where views.business_id = business_uuid
      and views.created_at >= first_day::timestamp at time zone zone
      and views.created_at < (last_day + 1)::timestamp at time zone zone
    group by views.referrer_host
    order by count(*) desc, coalesce(views.referrer_host, 'direct')
    limit most_referrers
  ) as source;

  return jsonb_build_object(
    'overview', overview, 'dailyMetrics', daily_metrics, 'topReferrers', top_referrers
  );
end;
$$;

comment on function directory_internal.business_analytics(uuid, date, date) is
  'Body of directory.api_get_business_analytics().';

create function directory.api_get_business_analytics(
  business_uuid uuid,
  date_from date default null,
  date_to date default null
)
returns jsonb
language sql
stable
security invoker
set search_path = ''
as $$
  select directory_internal.business_analytics(business_uuid, date_from, date_to);
$$;

comment on function directory.api_get_business_analytics(uuid, date, date) is
  'Figures of a business for its owner, managers, analysts and administrators. Parameters: the '
  'business; first and last day, both included, in its time zone (null: the thirty days before the '
  'last; today). Returns {overview: {totalViews, uniqueVisitors, avgTimeOnPage (seconds), '
  'bounceRate (0 to 1)}, dailyMetrics: [{date, views, visitors}] with every day, topReferrers: '
  '[{source, count}] with the most first; source is a host, or direct}. Mean and rate are null '
  'without views, uniqueVisitors when the range begins before what is kept (400 days), and '
  'topReferrers are of what is kept. Views show within a minute. Raises 42501 for others, PT404 '
  'for an unknown business, PL151 when the plan does not include analytics, PL185 '
  'for what is no range or one over directory.analytics_days.';

select private.define_error('PL185', 400, 'From %s to %s is no range of 1 to %s days.',
  'Send the earlier day first, and ask for longer times in parts.');

select ops.define_setting('directory.analytics_days', '366',
  'Days that one answer of api_get_business_analytics() may hold.', 1, 3660);
select ops.define_setting('directory.analytics_referrers', '10',
  'Sources that api_get_business_analytics() names.', 1, 1000);

grant execute on function
  directory.api_get_business_analytics(uuid, date, date),
  directory_internal.business_analytics(uuid, date, date)
  to authenticated, service_role;
