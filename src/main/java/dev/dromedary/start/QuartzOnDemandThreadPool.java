package dev.dromedary.start;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.quartz.spi.ThreadPool;

/** Runs all jobs of Quartz in one thread, which exists only while there is a job; each thread of Quartz' own pool looks for a job twice a second. */
public final class QuartzOnDemandThreadPool implements ThreadPool {

    private static final long ALIVE_SECONDS = 1;
    private static final long END_WITHIN_SECONDS = 5;

    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, ALIVE_SECONDS, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), job -> {
                Thread one = new Thread(job, "quartz");
                one.setDaemon(true);
                return one;
            });

    /** Quartz calls this by the name of the class. */
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
        // the thread is started for the first job
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
        // there is only one scheduler
    }

    @Override
    public void setInstanceName(String name) {
        // there is only one scheduler
    }
}
