package dev.dromedary.start;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.quartz.spi.ThreadPool;

/** One thread for all jobs of Quartz, which is there when there is one to do; Quartz' own look for it twice a second each. */
public final class QuartzOnDemandThreadPool implements ThreadPool {

    private static final long ALIVE_SECONDS = 1;
    private static final long END_WITHIN_SECONDS = 5;

    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, ALIVE_SECONDS, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), job -> {
                Thread one = new Thread(job, "quartz");
                one.setDaemon(true);
                return one;
            });

    /** As Quartz makes it, by its name. */
    public QuartzOnDemandThreadPool() {
        thread.allowCoreThreadTimeOut(true);
    }

    @Override
    public boolean runInThread(Runnable job) {
        if (thread.isShutdown()) {
            return false;
        }
        thread.execute(job);
        return true;
    }

    @Override
    public int blockForAvailableThreads() {
        return 1;
    }

    @Override
    public void initialize() {
        // the thread is made for the first job
    }

    @Override
    public void shutdown(boolean waitForJobsToComplete) {
        thread.shutdown();
        if (waitForJobsToComplete) {
            try {
                thread.awaitTermination(END_WITHIN_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public int getPoolSize() {
        return 1;
    }

    @Override
    public void setInstanceId(String id) {
        // one scheduler, one name
    }

    @Override
    public void setInstanceName(String name) {
        // one scheduler, one name
    }
}
